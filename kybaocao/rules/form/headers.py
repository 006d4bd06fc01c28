"""The headers and words that every workbook of ours shares, by which a file's columns are found."""

CODE_HEADER = "Mã"


INDICATOR_HEADERS = (CODE_HEADER, "Chỉ tiêu", "Đơn vị tính")


ENTRY_HEADERS = (CODE_HEADER, "Nội dung", "Trả lời")


NUMBER_HEADER = "STT"


NOT_APPLICABLE = "Không áp dụng"
