"""Password storage and rules."""

import string

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError


class Argon2id(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane: about 40 ms on one core, the least that OWASP advises."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


class LongEnough(MinimumLengthValidator):
    """Django's own check; its words for it have no Chinese translation."""

    def get_error_message(self) -> str:
        return self.get_help_text()

    def get_help_text(self) -> str:
        return f"密码至少要有 {self.min_length} 个字符。"


class ThreeClasses:
    """At least three of: upper case, lower case, digits, other characters (等保三级)."""

    def validate(self, password: str, user: object | None = None) -> None:
        classes = (string.ascii_uppercase, string.ascii_lowercase, string.digits)
        used = sum(any(character in group for character in password) for group in classes)
        used += any(character not in "".join(classes) for character in password)
        if used < 3:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        return "密码要用到大写字母、小写字母、数字、符号中的至少三类。"
