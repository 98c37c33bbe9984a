"""Does one thing to many objects, part by part, for whoever asked; not for what comes in files, nor for deadlines."""
