"""The commands, by what they are about; `kybaocao.cli` gathers them."""
