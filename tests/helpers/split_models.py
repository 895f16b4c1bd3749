"""A model in two files, as another program would split it."""

from pathlib import Path

import gguf


def split(path: Path, folder: Path) -> list[Path]:
    """The model in two files, NAME-00001-of-00002.gguf and the next."""
    reader = gguf.GGUFReader(path)
    half = len(reader.tensors) // 2
    paths = []
    for no, tensors in enumerate((reader.tensors[:half], reader.tensors[half:])):
        paths.append(folder / f"{path.stem}-{no + 1:05d}-of-00002.gguf")
        writer = gguf.GGUFWriter(paths[-1], "llama")
        if no == 0:
            for field in reader.fields.values():
                if field.name.startswith(("GGUF.", "general.architecture")):
                    continue
                kind, part = field.types[0], field.types[-1] if len(field.types) > 1 else None
                writer.add_key_value(field.name, field.contents(), kind, part)
        writer.add_uint16("split.no", no)
        writer.add_uint16("split.count", 2)
        writer.add_int32("split.tensors.count", len(reader.tensors))
        for tensor in tensors:
            writer.add_tensor(tensor.name, tensor.data)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
    return paths
