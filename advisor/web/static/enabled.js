// Before the page is drawn: lets the style sheet know that the components' script will run.
document.body.classList.add("js-enabled", "govuk-frontend-supported");
