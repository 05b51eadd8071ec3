//! The timetable workbook.
