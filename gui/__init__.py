"""The window. Reaches the engine through engine.api, engine.base.events and errors alone."""

PROGRAM = "Chaski"  # whose package this is: the name is a common one, another may have it, too
# Of its desktop entry, by which a desktop knows whose window this is (packaging/program.toml).
APP_ID = "io.github.chaski_app.chaski"
