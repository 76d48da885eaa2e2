"""Third parties whose parts the eval suite can use; each is imported when it is used."""
