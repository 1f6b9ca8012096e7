import csv
import hashlib
import json
import sys

reached, ended, hidden = {}, set(), 0
with open(sys.argv[1], encoding="utf-8-sig", newline="") as file:
    for line, row in enumerate(csv.DictReader(file, delimiter=";"), start=2):
        chain, number, mark = row["Chaîne"], int(row["Numéro"]), row["Empreinte"]
        length, last = reached.get(chain, (0, ""))
        if row["Quand"] == "Fin de la chaîne":
            good = (number, mark) == (length, last)
            print("Chaîne", chain, ":", length, "entrées, dernière empreinte", mark)
        else:
            seal, good = row["Scellé"], number == length + 1
            if seal:
                told = json.loads(seal)
                good &= hashlib.sha256(seal.encode()).hexdigest() == mark
                good &= (told[1], told[10]) == (number, last)
                good &= (told[11:] or ["principale"]) == [chain]
            hidden += not seal
        if not good or chain in ended:
            sys.exit(f"Ligne {line} : elle a changé, ou une ligne manque avant elle.")
        reached[chain] = (number, mark)
        ended |= {chain} if row["Quand"] == "Fin de la chaîne" else set()
if not ended or ended != set(reached):
    sys.exit("Le fichier est coupé.")
print("Tout se suit.", hidden, "entrées ne sont pas montrées.")
