"""The tree of a conversation: nothing is lost by editing, answering again, or writing at once."""

from engine.base.attachments import Attachment
from engine.base.conversation import ChatRecord, Shift, Tree, Turn, told, tree_of


def talked(*texts: str) -> Tree:
    tree = Tree()
    for i, text in enumerate(texts):
        tree.add("user" if i % 2 == 0 else "assistant", text, tree.leaf)
    return tree


def texts(tree: Tree) -> list[str]:
    return [turn.text for turn in tree.path()]


def test_variants() -> None:
    tree = talked("q", "a")
    question, first = tree.path()
    second = tree.add("assistant", "b", question.id)
    follow = tree.add("user", "more", second.id)
    assert tree.variants(first) == [first, second]
    tree.choose(first)
    assert texts(tree) == ["q", "a"]
    tree.choose(second)
    assert tree.leaf == follow.id
    assert texts(tree) == ["q", "b", "more"]


def test_another_beginning_is_a_variant() -> None:
    tree = Tree()
    first, second = tree.add("user", "one", None), tree.add("user", "two", None)
    assert tree.variants(first) == [first, second]
    assert tree.path() == [second]


def test_a_branch_of_its_own() -> None:
    tree = talked("q", "a", "more", "b")
    branch = tree.upto(tree.path()[1])
    assert texts(branch) == ["q", "a"]
    branch.path()[0].text = "other"
    assert texts(tree)[0] == "q"


def test_a_copy_sees_no_later_change() -> None:
    record = ChatRecord(tree=talked("q", "a"))
    copied = record.copied()
    record.tree.path()[-1].text = "grown"
    record.tree.add("user", "more", record.tree.leaf)
    assert texts(copied.tree) == ["q", "a"]


def test_numbers_that_somebody_else_has_used() -> None:
    """Turns 1 and 2 are kept; 3 and 4 are ours, and another program has a 3 of its own."""
    tree = talked("q", "a", "mine?", "mine!")
    late = tree.add("user", "later", tree.leaf)
    tree.shift(Shift(3, 100, frozenset({1, 2})))
    assert texts(tree) == ["q", "a", "mine?", "mine!", "later"]
    assert [turn.id for turn in tree.path()] == [1, 2, 103, 104, 105]
    assert late.id == tree.leaf == 105
    tree.put(Turn(3, "user", "yours?", 2))
    assert [turn.text for turn in tree.variants(tree.turns[103])] == ["yours?", "mine?"]
    assert tree.add("assistant", "x", tree.leaf).id == 106


def test_an_answer_that_somebody_else_went_on_with() -> None:
    """What follows theirs stays with theirs."""
    tree = talked("q", "ours", "kept")
    tree.shift(Shift(2, 50, frozenset({1, 3})))
    assert tree.turns[52].parent == 1
    assert tree.turns[3].parent == 2
    tree.put(Turn(2, "assistant", "theirs", 1))
    assert texts(tree) == ["q", "theirs", "kept"]


def test_turns_of_a_damaged_file() -> None:
    """A parent that is lost, one that is its own, and one that is younger than its child."""
    lost = [Turn(1, "user", "a"), Turn(2, "assistant", "b", 1), Turn(5, "user", "c", 4)]
    assert texts(tree_of(lost, 99)) == ["a", "b", "c"]
    ring = tree_of([Turn(1, "user", "a", 2), Turn(2, "user", "b", 1), Turn(3, "user", "c", 3)], 3)
    assert texts(ring)
    ring.turns[2].parent = 3
    ring.turns[3].parent = 2
    assert len(texts(ring)) <= 3
    assert tree_of([], None).path() == []


def test_what_the_engine_is_told() -> None:
    tree = talked("One", "", "Two", "Answer", "Three")
    found = told(tree.path())
    assert [m.content for m in found.messages] == ["One\n\nTwo", "Answer", "Three"]
    assert found.begins == [0, 3, 4]


def test_what_is_attached_is_told() -> None:
    tree = talked("One", "", "Two")
    one, two = Attachment("a.txt", "a"), Attachment("b.txt", "b")
    tree.path()[0].attachments, tree.path()[2].attachments = (one,), (two,)
    (message,) = told(tree.path()).messages
    assert message.attachments == (one, two)


def test_what_becomes_one_message_loses_nothing_and_gains_no_empty_lines() -> None:
    """A question may be its attachments alone; an answer may follow another in a file of elsewhere,
    each with its thinking."""
    tree = talked("", "", "Two", "Answer")
    tree.path()[0].attachments = (Attachment("a.txt", "a"),)
    more = tree.add("assistant", "More", tree.leaf)
    tree.turns[4].thinking, more.thinking = "Hm.", "So."
    question, answer = told(tree.path()).messages
    assert question.content == "Two"
    assert (answer.content, answer.thinking) == ("Answer\n\nMore", "Hm.\n\nSo.")
