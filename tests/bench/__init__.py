"""`make bench`: the budgets of Carnet, beside what is measured here, in one run."""
