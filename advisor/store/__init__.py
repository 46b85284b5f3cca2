"""What the web application keeps: cases, exercises being run, and who is signed in."""
