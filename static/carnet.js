/* What htmx leaves to do: focus, announcements, failures said, a password shown, an upload's progress.
   ES5: an old browser that cannot run it loses none of the pages. */
(function () {
  "use strict";
  var doc = document;
  /* A network that is gone without a word: nothing more leaves for a minute. */
  var stalled;

  function announce(text) {
    var region = doc.getElementById("announce");
    if (!region) { return; }
    region.textContent = "";
    setTimeout(function () { region.textContent = text; }, 60);
  }

  function settle() {
    var target = doc.querySelector("[data-focus]");
    var said = doc.querySelector("[data-announce]");
    if (target) {
      target.removeAttribute("data-focus");
      target.setAttribute("tabindex", "-1");
      target.focus();
    } else if (said) {
      announce(said.getAttribute("data-announce"));
    }
    if (said) { said.removeAttribute("data-announce"); }
    revealers();
  }

  function failed(event) {
    var part = doc.getElementById("progress");
    var xhr = event.detail.xhr;
    var wait = xhr && xhr.status === 503 && xhr.getResponseHeader("Retry-After");
    clearTimeout(stalled);
    if (wait) {
      wait = "Beaucoup de monde en ce moment. Recommencez dans " + wait + " secondes : ce que vous avez écrit est encore là.";
    }
    if (part && event.target.contains(part)) {
      part.hidden = false;
      part.className = "fault";
      part.querySelector("p").textContent = wait || "L'envoi s'est arrêté. Vos fichiers et vos réponses sont encore là. Vérifiez votre connexion, puis envoyez de nouveau.";
      part.setAttribute("tabindex", "-1");
      part.focus();
    } else {
      tell(wait || "La page ne répond pas. Vérifiez votre connexion, puis recommencez : rien n'est perdu.");
    }
  }

  /* Seen, and read aloud: nothing else on the page says it. */
  function tell(text) {
    var notices = doc.getElementById("notices");
    var part = doc.createElement("div");
    var words = doc.createElement("p");
    if (!notices) { announce(text); return; }
    words.textContent = text;
    part.className = "fault";
    part.setAttribute("tabindex", "-1");
    part.appendChild(words);
    notices.textContent = "";
    notices.appendChild(part);
    part.focus();
  }

  function revealers() {
    var fields = doc.querySelectorAll("input[type=password]:not([data-ready])");
    for (var i = 0; i < fields.length; i++) { addRevealer(fields[i]); }
  }

  function addRevealer(field) {
    var button = doc.createElement("button");
    button.type = "button";
    button.className = "second";
    button.textContent = "Afficher le mot de passe";
    button.setAttribute("aria-controls", field.id);
    field.setAttribute("data-ready", "");
    button.onclick = function () {
      var hidden = field.type === "password";
      field.type = hidden ? "text" : "password";
      button.textContent = hidden ? "Cacher le mot de passe" : "Afficher le mot de passe";
    };
    field.form.addEventListener("submit", function () { field.type = "password"; });
    field.parentNode.appendChild(button);
  }

  function progressed(event) {
    var part = doc.getElementById("progress");
    if (!part || !event.detail.lengthComputable) { return; }
    var percent = Math.round(100 * event.detail.loaded / event.detail.total);
    var form = event.target;
    clearTimeout(stalled);
    if (percent < 100) {
      stalled = setTimeout(function () { window.htmx.trigger(form, "htmx:abort"); }, 60000);
    }
    part.hidden = false;
    part.className = "";
    part.querySelector("progress").value = percent;
    var text = percent < 100 ? "Envoi : " + percent + " %" : "Envoyé. Carnet lit vos fichiers…";
    part.querySelector("p").textContent = text;
    if (percent === 100 || percent - (part.told || 0) >= 25) { part.told = percent; announce(text); }
  }

  /* A way in that only some browsers have. */
  var way = doc.querySelector("p[data-key]");
  if (way && window.PublicKeyCredential) { way.hidden = false; }

  /* Before htmx starts: nothing kept of a page with someone's health, nothing evaluated. */
  if (window.htmx) {
    var config = window.htmx.config;
    config.historyCacheSize = 0;
    config.refreshOnHistoryMiss = true;
    config.includeIndicatorStyles = false;
    config.allowEval = false;
    config.responseHandling = [
      { code: "204", swap: false }, { code: "[23]..", swap: true },
      { code: "422", swap: true }, { code: "[45]..", swap: false, error: true }
    ];
  }

  doc.addEventListener("htmx:afterSettle", settle);
  doc.addEventListener("htmx:sendError", failed);
  doc.addEventListener("htmx:sendAbort", failed);
  doc.addEventListener("htmx:responseError", failed);
  doc.addEventListener("htmx:timeout", failed);
  doc.addEventListener("htmx:xhr:progress", progressed);
  settle();
})();
