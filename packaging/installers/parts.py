"""What stays out of the frozen program: all that is not needed of its libraries.

Read by chaski.spec. Names of files are as in the folder `_internal`, with slashes.
"""

from __future__ import annotations

import re
from pathlib import PurePath

# Modules that nothing of ours asks for: other windows' tools, tests, compilers for graphics.
EXCLUDED_MODULES = [
    "tkinter",
    "_tkinter",
    "test",
    "lib2to3",
    "idlelib",
    "ensurepip",
    "distutils",
    "pydoc_data",
    "setuptools",
    "pip",
    "IPython",
    "scipy",
    "matplotlib",
    "torch",
    "pytest",
    "hypothesis",
    "numba.cuda",
    "numba.tests",
    "numba.testing",
    "llvmlite.tests",
    "numpy.f2py",
    "numpy.distutils",
    "hf_xet",
    "huggingface_hub.cli",
    "gguf.scripts",
    "yaml.cyaml",
    "PySide6.QtQml",
    "PySide6.QtQuick",
    "PySide6.QtDesigner",
    "PySide6.QtOpenGL",
    "PySide6.QtOpenGLWidgets",
    "PySide6.QtTest",
    "PySide6.QtSql",
    "PySide6.QtXml",
]

# Of files: what a library brings and the program never reads.
_UNWANTED = [
    r"(^|/)tests?/",
    r"\.pyi$",
    r"^resources/languages/.*\.ts$",
    r"(^|/)(__pycache__|include)/",
    r"\.(h|c|cpp|pxd|pyx|a|lib|cmake|qmltypes)$",
    # Qt: QML and what needs it, devices without a desktop, databases, tools
    r"^PySide6/(Qt/)?(qml|metatypes|libexec|resources)/",
    r"Qt6?(Qml|Quick|Designer|Test|Sql|Xml|UiTools|Help|Lottie|Labs|VirtualKeyboard|Pdf|WebEngine)",
    r"Qt6?(Concurrent|EglF[sS]|WaylandCompositor|ShaderTools|HttpServer|FFmpeg|Multimedia)",
    r"plugins/(qmltooling|qmllint|designer|sqldrivers|egldeviceintegrations|vectorimageformats)/",
    r"plugins/(wayland-graphics-integration-server|generic|assetimporters|networkinformation)/",
    r"plugins/platforminputcontexts/\w*virtualkeyboard",
    r"plugins/platforms/\w*(eglfs|linuxfb|vkkhrdisplay|minimalegl|direct2d|vnc)",
    r"plugins/imageformats/\w*(pdf|tga|tiff|wbmp|icns)",
    r"PySide6/translations/(?!qtbase_(fr|ja|ar)\.qm)",
    r"PySide6/Qt/translations/(?!qtbase_(fr|ja|ar)\.qm)",
    r"opengl32sw\.dll$",
    r"numba/np/ufunc/(tbb|omp)pool|^libgomp\.so",  # threads are our own
    # Of Python itself
    r"(^|/)lib(readline|ncursesw?|tinfow?)\.so",
    r"lib-dynload/(readline|_curses|_curses_panel|_tkinter|_test\w*|xx\w*)\.",
]
# Libraries that every Linux desktop has, and that must fit its drivers, fonts and buses: the
# system's own are taken. gui/libraries.py says in a sentence which of them are missing.
_OF_THE_SYSTEM = [
    r"^lib(EGL|GL|GLX|OpenGL|GLdispatch|GLESv2|drm|gbm|vulkan)\.so",
    r"^lib(X11|X11-xcb|xcb|Xau|Xdmcp|Xext|Xrender|Xi|Xfixes|Xcursor|Xrandr|Xinerama|Xcomposite"
    r"|Xdamage|SM|ICE)\.so",
    r"^libwayland-\w+\.so",
    r"^lib(fontconfig|freetype|harfbuzz|graphite2|fribidi|png16|brotli\w+|expat|jpeg|tiff|webp"
    r"|jbig|deflate|lerc|Lerc|sharpyuv)(-\w+)?\.so",
    r"^lib(glib|gobject|gio|gmodule|gthread)-2\.0\.so",
    r"^lib(gtk|gdk|gdk_pixbuf|atk|atk-bridge|atspi|pango\w*|cairo\w*|epoxy|pixman|thai|datrie)-?"
    r"[\w.-]*\.so",
    r"^lib(dbus|systemd|gcrypt|gpg-error|cap|lz4|zstd|selinux|mount|blkid|pcre2-8|uuid|cups|avahi"
    r"|gnutls|nettle|hogweed|p11-kit|tasn1|idn2|unistring|gmp|bsd|md|udev)(-[\w.-]+)?\.so",
    r"^lib(stdc\+\+|gcc_s|c|m|dl|rt|pthread|z)\.so",
]
_LEFT_OUT = re.compile("|".join([*_UNWANTED, *_OF_THE_SYSTEM]))


def is_wanted(name: str) -> bool:
    return _LEFT_OUT.search(PurePath(name).as_posix()) is None
