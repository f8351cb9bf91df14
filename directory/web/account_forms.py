"""Flask-Security's forms in our words: no `remember`, no `next`, no second typing of a password."""

from collections.abc import Iterable
from typing import Any

import structlog
from flask import session
from flask_babel import lazy_gettext as _
from flask_security import (
    ChangeEmailForm,
    ChangePasswordForm,
    ForgotPasswordForm,
    LoginForm,
    RegisterFormV2,
    ResetPasswordForm,
    SendConfirmationForm,
    TwoFactorRescueForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    VerifyForm,
    hash_password,
)
from flask_security.forms import (
    EmailValidation,
    IsString,
    email_required,
    password_required,
    unique_user_email,
    valid_user_email,
)
from flask_security.recovery_codes import MfRecoveryForm
from wtforms import EmailField, Field, PasswordField, RadioField, StringField
from wtforms.validators import DataRequired, StopValidation, ValidationError

from directory.domain.mail import address
from directory.domain.passwords import is_too_long

_log = structlog.get_logger("directory.accounts")


def _reachable(_form: Any, field: EmailField) -> None:
    if address(field.data or "") is None:
        raise StopValidation(_("Enter an e-mail address like name@example.org."))


class _Typed(Field):
    """A field that keeps what is wrong with the typing: Flask-Security empties `errors`, which tell who is known."""

    mistyped: tuple[str, ...] = ()
    _errors: Any = ()

    @property
    def errors(self) -> Any:
        """What is wrong, as WTForms collects it."""
        return self._errors

    @errors.setter
    def errors(self, errors: Iterable[str]) -> None:
        self._errors = list(errors) or list(self.mistyped)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:  # noqa: ARG002, FBT001 - WTForms' own
        """Tell the two apart: only what is missing or impossible stops validators, before anybody is looked up."""
        self.mistyped = tuple(self.errors) if validation_stopped else ()


class _Address(_Typed, EmailField):
    pass


class _Password(_Typed, PasswordField):
    pass


def _email(*more: Any, verify: bool = True, label: str = _("E-mail address")) -> EmailField:
    validators = [IsString(), email_required, EmailValidation(verify=verify), _reachable, *more]
    return _Address(label, validators, render_kw={"autocomplete": "email"})


def _hashable(_form: Any, field: PasswordField) -> None:
    # Before anybody is looked up: it must fail alike for an address that is known and one that is not.
    if is_too_long(field.data or ""):
        raise ValidationError(_("This is not your password."))


def _password(label: str = _("Password"), autocomplete: str = "current-password") -> PasswordField:
    return _Password(label, [IsString(), password_required, _hashable], render_kw={"autocomplete": autocomplete})


def _new_password() -> PasswordField:
    asked = {"autocomplete": "new-password"}
    return PasswordField(_("New password"), [IsString(), password_required], render_kw=asked)


def _code(label: str, autocomplete: str, inputmode: str) -> StringField:
    asked = {"autocomplete": autocomplete, "inputmode": inputmode, "spellcheck": "false"}
    return StringField(label, [IsString(), DataRequired(_("Enter the code."))], render_kw=asked)


class SignIn(LoginForm):
    """An address and a password."""

    user: Any  # an account
    email = _email(verify=False)
    password = _password()
    remember = None
    _refused: list[str]

    @property
    def form_errors(self) -> list[str]:
        """What is wrong with both together: nothing, where one of them is missing or impossible."""
        return [] if self.email.mistyped or self.password.mistyped else self._refused

    @form_errors.setter
    def form_errors(self, errors: list[str]) -> None:
        self._refused = errors

    def validate(self, **options: Any) -> bool:
        """Whether they belong together; a failure is noted in the log without the address."""
        is_right: bool = super().validate(**options)
        if not is_right:
            _log.info("sign_in_failed", account=self.user.public_id if self.user else None)
        return is_right


class Again(VerifyForm):
    """The password, again."""

    user: Any  # an account
    password = _password()

    def validate(self, **options: Any) -> bool:
        """Whether it is the account's own."""
        is_right: bool = super().validate(**options)
        _log.info("password_asked_again" if is_right else "password_refused_again", account=self.user.public_id)
        return is_right


class Register(RegisterFormV2):
    """A new account."""

    email = _email(unique_user_email)
    password = _new_password()


class Confirm(SendConfirmationForm):
    """Asks for another link to confirm an address."""

    email = _email(valid_user_email)


class Forgot(ForgotPasswordForm):
    """Asks for a link to choose a new password."""

    user: Any  # an account
    email = _email(valid_user_email)

    def validate(self, **options: Any) -> bool:
        """Whether a link is sent: to nobody with a role, whose mailbox must not be enough (design SECURITY, 13)."""
        if not super().validate(**options):
            return False
        if self.user.roles:
            self.email.errors.append("")  # which error it is nobody is told
            return False
        hash_password("")  # the view does so for an address that it does not know, and takes as long here
        _log.info("reset_asked", account=self.user.public_id)
        return True


class Reset(ResetPasswordForm):
    """A new password, by a mailed link."""

    password = _new_password()
    password_confirm = None


class ChangePassword(ChangePasswordForm):
    """The password, and a new one."""

    password = _password(_("Your password now"))
    new_password = _new_password()
    new_password_confirm = None


class ChangeEmail(ChangeEmailForm):
    """A new address."""

    email = _email(unique_user_email, label=_("New e-mail address"))


class SetUp(TwoFactorSetupForm):
    """Turns the second step on, anew or off."""

    user: Any  # an account
    setup = StringField(_("Second step"))

    def validate(self, **options: Any) -> bool:
        """Whether that can be done: whoever has a role keeps the second step."""
        if not super().validate(**options):
            return False
        is_needed = self.setup.data == "disable" and bool(self.user.roles)
        if is_needed:
            self.setup.errors.append(_("Your role needs a second step. Set up a new one in its place."))
        return not is_needed


class Code(TwoFactorVerifyCodeForm):
    """A code of the authenticator app."""

    user: Any  # an account
    code = _code(_("Code from your app"), "one-time-code", "numeric")

    def validate(self, **options: Any) -> bool:
        """Whether the code is right and was not used; a new secret must be one that this very session was shown."""
        # The token in the address names nobody: one made in another account would be taken here.
        is_own = not self.is_setup or session.get("tf_totp_secret") == self.tf_totp_secret
        is_right: bool = is_own and super().validate(**options)
        if not is_right and self.code.data and not self.is_setup:
            self.code.errors = [_("This code is not right, or was used. Type the one that your app shows next.")]
        if not is_right and self.user:
            _log.info("code_refused", account=self.user.public_id)
        return is_right


class NoRescue(TwoFactorRescueForm):
    """What Flask-Security makes beside the code's form, and no page of ours shows."""

    help_setup = RadioField(choices=[])


class Recovery(MfRecoveryForm):
    """A recovery code."""

    code = _code(_("Recovery code"), "off", "text")


FORMS: dict[str, Any] = {
    "login_form": SignIn,
    "verify_form": Again,
    "register_form": Register,
    "send_confirmation_form": Confirm,
    "forgot_password_form": Forgot,
    "reset_password_form": Reset,
    "change_password_form": ChangePassword,
    "change_email_form": ChangeEmail,
    "two_factor_setup_form": SetUp,
    "two_factor_verify_code_form": Code,
    "two_factor_rescue_form": NoRescue,
    "mf_recovery_form": Recovery,
}
