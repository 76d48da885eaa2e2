"""New cases: drafted from the documents or from rated answers, accepted by a person, appended to a file of cases."""
