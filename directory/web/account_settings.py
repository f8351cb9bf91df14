"""What Flask-Security and the session cookie are set to, and the sentences that Flask-Security says in our words."""

from datetime import timedelta
from typing import Any

from directory.config import Config
from directory.domain.labels import N_
from directory.domain.passwords import SHORTEST
from directory.domain.sessions import REVIEWER

FRESH = timedelta(minutes=10)
RESET_WITHIN = timedelta(hours=6)
CONFIRM_WITHIN = timedelta(days=2)
CHANGE_EMAIL_WITHIN = timedelta(hours=2)

_FEATURES = {
    "BLUEPRINT_NAME": "security",
    "STATIC_FOLDER": None,
    "CLI_USERS_NAME": None,
    "CLI_ROLES_NAME": None,
    "CACHE_CONTROL": None,  # web.access says it for every page of ours
    "I18N_DOMAIN": "messages",
    "I18N_DIRNAME": None,
    "REGISTERABLE": True,
    "CONFIRMABLE": True,
    "RECOVERABLE": True,
    "CHANGEABLE": True,
    "CHANGE_EMAIL": True,
    "TWO_FACTOR": True,
    "MULTI_FACTOR_RECOVERY_CODES": True,
    "MULTI_FACTOR_RECOVERY_CODES_N": 10,
    "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    "TWO_FACTOR_IMPLEMENTATIONS": {"code": "directory.web.account_totp.SecondStep"},
    "TWO_FACTOR_RESCUE_EMAIL": False,
    "TWO_FACTOR_ALWAYS_VALIDATE": True,
    "TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,  # one step before and one after
    "TWO_FACTOR_SETUP_WITHIN": FRESH,
    "TOTP_ISSUER": "Ketamine Clinic Directory",
    "RETURN_GENERIC_RESPONSES": True,
    "API_ENABLED_METHODS": ["session"],
    "FRESHNESS": FRESH,
    "FRESHNESS_GRACE_PERIOD": timedelta(0),
    "RESET_PASSWORD_WITHIN": RESET_WITHIN,
    "CONFIRM_EMAIL_WITHIN": CONFIRM_WITHIN,
    "CHANGE_EMAIL_WITHIN": CHANGE_EMAIL_WITHIN,
    "AUTO_LOGIN_AFTER_CONFIRM": False,
    "AUTO_LOGIN_AFTER_RESET": False,
    "LOGOUT_METHODS": ["POST"],
    "PASSWORD_LENGTH_MIN": SHORTEST,
    "PASSWORD_CONFIRM_REQUIRED": False,  # nosec B105
    "PASSWORD_NORMALIZE_FORM": "NFKC",  # nosec B105
    # Argon2 alone: it salts by itself, and a salt of ours would tie every password to one more secret.
    "PASSWORD_SCHEMES": ["argon2"],
    "PASSWORD_SINGLE_HASH": {"argon2"},
    "HASHING_SCHEMES": ["hex_sha256"],
    "EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    "EMAIL_HTML": False,
    "JOIN_USER_ROLES": False,
    "USER_IDENTITY_ATTRIBUTES": [{"email": {"mapper": str}}],
}
_PLACES = {
    "URL_PREFIX": "/account",
    "LOGIN_URL": "/sign-in",
    "LOGOUT_URL": "/sign-out",
    "REGISTER_URL": "/register",
    "CONFIRM_URL": "/confirm",
    "RESET_URL": "/reset",
    "CHANGE_URL": "/password",
    "CHANGE_EMAIL_URL": "/email",
    "VERIFY_URL": "/again",
    "TWO_FACTOR_SETUP_URL": "/second-step",
    "TWO_FACTOR_TOKEN_VALIDATION_URL": "/code",  # nosec B105
    "MULTI_FACTOR_RECOVERY_CODES_URL": "/recovery-codes",
    "MULTI_FACTOR_RECOVERY_URL": "/recovery",
    "POST_LOGIN_VIEW": "accounts.onward",
    "POST_VERIFY_VIEW": "accounts.onward",
    "POST_LOGOUT_VIEW": "search.home",
    "POST_REGISTER_VIEW": "security.login",
    "POST_CONFIRM_VIEW": "security.login",
    "POST_RESET_VIEW": "security.login",
    "POST_CHANGE_VIEW": "accounts.show",
    "POST_CHANGE_EMAIL_VIEW": "accounts.show",
    "CHANGE_EMAIL_ERROR_VIEW": "accounts.show",
    "TWO_FACTOR_POST_SETUP_VIEW": "accounts.after_second_step",
}
_TEMPLATES = {
    "LOGIN_USER_TEMPLATE": "accounts/sign_in.html",
    "REGISTER_USER_TEMPLATE": "accounts/register.html",
    "SEND_CONFIRMATION_TEMPLATE": "accounts/confirm.html",
    "FORGOT_PASSWORD_TEMPLATE": "accounts/forgot.html",  # nosec B105
    "RESET_PASSWORD_TEMPLATE": "accounts/reset.html",  # nosec B105
    "CHANGE_PASSWORD_TEMPLATE": "accounts/change_password.html",  # nosec B105
    "CHANGE_EMAIL_TEMPLATE": "accounts/change_email.html",
    "VERIFY_TEMPLATE": "accounts/again.html",
    "TWO_FACTOR_SETUP_TEMPLATE": "accounts/second_step.html",
    "TWO_FACTOR_VERIFY_CODE_TEMPLATE": "accounts/code.html",
    "MULTI_FACTOR_RECOVERY_CODES_TEMPLATE": "accounts/recovery_codes.html",
    "MULTI_FACTOR_RECOVERY_TEMPLATE": "accounts/recovery.html",
    "REGISTER_EMAIL_TEMPLATE": "accounts/mail/welcome",
    "REGISTER_EMAIL_EXISTING_TEMPLATE": "accounts/mail/welcome_existing",
    "EMAIL_TEMPLATE_CONFIRM": "accounts/mail/confirm",
    "EMAIL_TEMPLATE_PASSWORD_RESET": "accounts/mail/reset",  # nosec B105
    "EMAIL_TEMPLATE_PASSWORD_RESET_NOTICE": "accounts/mail/password_changed",  # nosec B105
    "EMAIL_TEMPLATE_PASSWORD_CHANGE_NOTICE": "accounts/mail/password_changed",  # nosec B105
    "CHANGE_EMAIL_EMAIL_TEMPLATE": "accounts/mail/change_email",
}
_SUBJECTS = {
    "EMAIL_SUBJECT_REGISTER": N_("Your account at the Ketamine Clinic Directory"),
    "EMAIL_SUBJECT_CONFIRM": N_("Confirm your e-mail address"),
    "EMAIL_SUBJECT_PASSWORD_RESET": N_("Choose a new password"),
    "EMAIL_SUBJECT_PASSWORD_NOTICE": N_("Your password was changed"),
    "EMAIL_SUBJECT_PASSWORD_CHANGE_NOTICE": N_("Your password was changed"),
    "CHANGE_EMAIL_SUBJECT": N_("Confirm your new e-mail address"),
}
_MESSAGES = {
    "GENERIC_AUTHN_FAILED": N_(
        "That address and password do not belong together here, or the account is not confirmed."
    ),
    "CONFIRM_REGISTRATION": N_(
        "Now open your mail: we wrote to %(email)s, and our mail says how to go on. Look among junk mail too."
    ),
    "CONFIRMATION_REQUEST": N_("If this address still waits to be confirmed, a new link is on its way to it."),
    "EMAIL_CONFIRMED": N_("Thank you, your address is confirmed. Sign in now."),
    "ALREADY_CONFIRMED": N_("This address is confirmed already."),
    "INVALID_CONFIRMATION_TOKEN": N_("This link does not work any more. Ask for a new one."),
    "CONFIRMATION_EXPIRED": N_("This link does not work any more. Ask for a new one."),
    "PASSWORD_RESET_REQUEST": N_(
        "If %(email)s has an account here that can be reset by mail, a link is on its way. Look among junk mail too."
    ),
    "PASSWORD_RESET_EXPIRED": N_("This link does not work any more. Ask for a new one."),
    "INVALID_RESET_PASSWORD_TOKEN": N_("This link does not work any more. Ask for a new one."),
    "PASSWORD_RESET_NO_LOGIN": N_("Your password is changed. Sign in with the new one."),
    "PASSWORD_CHANGE": N_("Your password is changed, and every other browser is signed out."),
    "PASSWORD_IS_THE_SAME": N_("This is the password that you have. Choose another."),
    "PASSWORD_NOT_PROVIDED": N_("Enter a password."),
    "INVALID_PASSWORD": N_("This is not your password."),
    "EMAIL_NOT_PROVIDED": N_("Enter an e-mail address."),
    "INVALID_EMAIL_ADDRESS": N_("Enter an e-mail address like name@example.org."),
    "UNAUTHENTICATED": N_("Sign in first."),
    "REAUTHENTICATION_REQUIRED": N_("Enter your password again before you change this."),
    "REAUTHENTICATION_SUCCESSFUL": N_("Thank you. Go on."),
    "ANONYMOUS_USER_REQUIRED": N_("You are signed in already."),
    "CHANGE_EMAIL_SENT": N_("A mail is on its way to %(email)s. Your address changes when you follow the link in it."),
    "CHANGE_EMAIL_CONFIRMED": N_("Your address is changed, and every other browser is signed out."),
    "CHANGE_EMAIL_EXPIRED": N_("This link does not work any more. Start again."),
    "API_ERROR": N_("This link does not work any more. Start again."),
    # Of a picture that was scanned in vain; account_forms.Code says what is wrong with a code at signing in.
    "TWO_FACTOR_INVALID_TOKEN": N_(
        "This code is not right, or ten minutes have passed. Delete the entry in your app, press “Set it up”, and scan"
        " the new picture."
    ),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": N_("Your second step is on, and every other browser is signed out."),
    "TWO_FACTOR_DISABLED": N_("Your second step is off."),
    "TWO_FACTOR_PERMISSION_DENIED": N_("Sign in again from the start."),
    "TWO_FACTOR_SETUP_EXPIRED": N_("That took too long. Start again with a new picture."),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": N_("This cannot be done with your account."),
    "INVALID_RECOVERY_CODE": N_(
        "This is none of your codes, or it was used. Try another of the ten; if none is left, ask whoever runs this"
        " site."
    ),
    "NO_RECOVERY_CODES_SETUP": N_("You have no recovery codes yet."),
}


def settings(config: Config) -> dict[str, Any]:
    """Return the keys of Flask, Flask-WTF and Flask-Security for this configuration."""
    is_https = config.base_url.startswith("https://")
    return {
        "SESSION_COOKIE_NAME": "__Host-session" if is_https else "session",
        "SESSION_COOKIE_SECURE": is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": REVIEWER.absolute,
        # A token holds as long as its session: a review may be written for longer than an hour.
        "WTF_CSRF_TIME_LIMIT": None,
        **{f"SECURITY_{name}": value for name, value in (_FEATURES | _PLACES | _TEMPLATES | _SUBJECTS).items()},
        **{f"SECURITY_MSG_{name}": (message, "info") for name, message in _MESSAGES.items()},
        # The page shows who is signed in; a notice would be in the language of the page before (see private.html).
        "SECURITY_MSG_TWO_FACTOR_LOGIN_SUCCESSFUL": ("-", "unsaid"),
        "SECURITY_TOTP_SECRETS": {str(number): key for number, key in enumerate(config.totp_keys)},
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": list(config.recovery_code_keys),
    }
