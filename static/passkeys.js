/* Passkeys: a form carries what the browser is told, in the words of the standard; what the key
   answers goes back in a field of that form. ES5, on the pages that have such a form. */
(function () {
  "use strict";
  var doc = document;
  var forms = doc.querySelectorAll("form[data-key]");
  var SAID = {
    NotAllowedError: "La clé d'accès n'a pas servi : la demande a été arrêtée, ou le temps a passé. Recommencez quand vous voulez.",
    InvalidStateError: "Cet appareil a déjà une clé d'accès pour ce compte.",
    SecurityError: "L'adresse de ce site ne permet pas les clés d'accès.",
    NotSupportedError: "Cet appareil ne sait pas garder de clé d'accès. Essayez avec un autre.",
    ConstraintError: "Cet appareil ne sait pas vérifier que c'est vous. Réglez d'abord son verrouillage, puis recommencez."
  };
  var OTHER = "La clé d'accès n'a pas répondu. Recommencez.";

  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    var made = new Uint8Array(plain.length);
    for (var i = 0; i < plain.length; i++) { made[i] = plain.charCodeAt(i); }
    return made.buffer;
  }

  function words(buffer) {
    var made = new Uint8Array(buffer), plain = "";
    for (var i = 0; i < made.length; i++) { plain += String.fromCharCode(made[i]); }
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function named(list) {
    for (var i = 0; list && i < list.length; i++) { list[i].id = bytes(list[i].id); }
  }

  /* A new one where it says for whom; otherwise one that is known. */
  function ask(told) {
    told.challenge = bytes(told.challenge);
    named(told.excludeCredentials);
    named(told.allowCredentials);
    if (!told.user) { return navigator.credentials.get({ publicKey: told }); }
    told.user.id = bytes(told.user.id);
    return navigator.credentials.create({ publicKey: told });
  }

  function written(key) {
    var parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
    var response = {};
    for (var i = 0; i < parts.length; i++) {
      if (key.response[parts[i]]) { response[parts[i]] = words(key.response[parts[i]]); }
    }
    return JSON.stringify({ id: key.id, rawId: words(key.rawId), type: key.type, response: response });
  }

  /* Seen beside the button, which keeps the focus, and read aloud. */
  function tell(form, text) {
    var part = form.querySelector("[data-said]"), region = doc.getElementById("announce");
    part.hidden = !text;
    part.textContent = text;
    if (!region) { return; }
    region.textContent = "";
    setTimeout(function () { region.textContent = text; }, 60);
  }

  function start(form) {
    var asking;
    if (form.asking) { return; }
    form.asking = true;
    tell(form, "");
    function failed(error) {
      form.asking = false;
      tell(form, SAID[error && error.name] || OTHER);
    }
    try { asking = ask(JSON.parse(form.getAttribute("data-key"))); } catch (error) { failed(error); return; }
    asking.then(function (key) {
      form.elements.answer.value = written(key);
      form.submit();
    }).then(null, failed);
  }

  function ready(form) {
    form.hidden = false;
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      start(form);
    });
    if (form.hasAttribute("data-at-once")) { start(form); }
  }

  if (!window.PublicKeyCredential || !navigator.credentials) { return; }
  var others = doc.querySelectorAll("[data-no-key]");
  for (var i = 0; i < others.length; i++) { others[i].hidden = true; }
  for (var j = 0; j < forms.length; j++) { ready(forms[j]); }
  /* Back to this page, kept as it was: nothing is being asked any more. */
  window.addEventListener("pageshow", function (event) {
    for (var k = 0; event.persisted && k < forms.length; k++) { forms[k].asking = false; }
  });
})();
