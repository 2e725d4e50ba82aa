import pytest

from nof1.errors import InputError, ProtocolError, SealError
from nof1.protocol.reading import read_bytes, read_text, read_toml


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


def test_a_file_too_large_to_be_what_is_asked_for_is_not_read_on(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"1234")
    assert read_bytes(path, mend="Give a key.", most=4) == b"1234"
    with pytest.raises(InputError) as caught:
        read_bytes(path, mend="Give a key.", most=3)
    assert str(caught.value) == (
        f"{path}: the file has more than the 3 bytes that are read of such a file. Give a key."
    )


def test_toml_nested_too_deeply_is_a_fault_of_the_file():
    with pytest.raises(ProtocolError) as caught:
        read_toml(
            "a = " + "[" * 20_000, source="my.toml", mend="Write it flat.", error=ProtocolError
        )
    assert str(caught.value) == "my.toml: not valid TOML: it is nested too deeply. Write it flat."
