"""Password storage and rules."""

import re
import string
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher, PBKDF2PasswordHasher
from django.contrib.auth.password_validation import (
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
    get_default_password_validators,
)
from django.core.exceptions import ValidationError

from yichuan.common import profile

# What is left of a common password when digits, signs and the usual substitutions are taken off.
_WORDS = """
password passwd passw pass pwd word admin administrator root system user guest test demo login welcome hello qwerty
qwertyuiop qwer qwe asdf asdfgh asdfghjkl zxcv zxcvbn zxcvbnm qaz qazwsx wsx qweasd qweasdzxc qqq aaa aa a abc abcd
abcde abcdef abcabc iloveyou woaini woaizhongguo loveyou letmein master monkey dragon huawei china zhongguo beijing
guangdong guangzhou jiangmen zhengfu mima gongwen yichuan changeme default secret
"""
COMMON = frozenset(_WORDS.split())
_SUBSTITUTED = str.maketrans("@430$51!7", "aaeossiit")
_ROWS = (string.digits, "0987654321", string.ascii_lowercase, "qwertyuiop", "asdfghjkl", "zxcvbnm")
RUN = 6  # neighbours in a row that make a password guessable


class Argon2id(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane: about 40 ms on one core, the least that OWASP advises."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


class Drawn(PBKDF2PasswordHasher):
    """For passwords that the centre drew at random: 70 bits cannot be tried out, however quick one try is.

    Thousands of accounts are opened in a minute this way. A person's own password never gets it.
    """

    algorithm = "drawn"
    iterations = 1000


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


class NotTheAccount(UserAttributeSimilarityValidator):
    """Neither the account nor the name, nor anything like them, stands in it, forwards or backwards."""

    def __init__(self) -> None:
        super().__init__(user_attributes=("username", "name"))

    def validate(self, password: str, user: Any = None) -> None:
        typed = password.casefold()
        for text in (getattr(user, "username", ""), getattr(user, "name", "")):
            known = text.casefold()
            if len(known) >= 2 and (known in typed or known[::-1] in typed):
                raise ValidationError(self.get_help_text(), code="password_like_account")
        super().validate(password, user)

    def get_error_message(self) -> str:
        return self.get_help_text()

    def get_help_text(self) -> str:
        return "密码里不能有自己的账号或姓名，也不能和它们相近。"


class NotCommon:
    """Not one that everybody thinks of: `Admin@2024`, `P@ssw0rd123`, `Abc123456!`, a row of the keyboard."""

    def validate(self, password: str, user: object | None = None) -> None:
        typed = password.casefold()
        bases = {re.sub(r"[^a-z]", "", text) for text in (typed, typed.translate(_SUBSTITUTED))}
        bases |= {re.sub(r"[^a-z]", "", typed.strip(string.digits + string.punctuation).translate(_SUBSTITUTED))}
        runs = {row[start : start + RUN] for row in _ROWS for start in range(len(row) - RUN + 1)}
        if bases & COMMON or any(run in typed for run in runs) or re.search(r"(.)\1{4}", typed):
            raise ValidationError(self.get_help_text(), code="password_too_common")

    def get_help_text(self) -> str:
        return "密码不能是常见的词加数字（如 Admin@2024），也不能有连续六个以上的顺序键。"


def rules() -> list[str]:
    """What the page tells before somebody chooses: each validator's own words, then what the profile adds."""
    asked = [validator.get_help_text() for validator in get_default_password_validators()]
    kept = profile.current().passwords
    days = f"每 {kept.lasts.days} 天要换一次，最近用过的 {kept.history} 个不能再用。"
    return [text for text in (*asked, days) if any("\u4e00" <= letter <= "\u9fff" for letter in text)]
