import pytest

from nof1.errors import ProtocolError, SealError
from nof1.protocol.reading import read_text


def test_a_mark_at_the_beginning_is_no_text(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("caf\N{LATIN SMALL LETTER E WITH ACUTE}\n", encoding="utf-8-sig")
    assert read_text(path, mend="Give it.") == "café\n"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "cannot be read: No such file or directory. Give a key."),
        (b"caf\xe9", "byte 3 is not UTF-8. Give a text file saved as UTF-8."),
    ],
)
@pytest.mark.parametrize("error", [ProtocolError, SealError])
def test_what_cannot_be_read_is_said_once(tmp_path, content, told, error):
    path = tmp_path / "a.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(error) as caught:
        read_text(path, mend="Give a key.", error=error)
    assert str(caught.value) == f"{path}: {told}"
