#include "report/printable.hpp"
#include "report/text_table.hpp"
#include "report/text_width.hpp"
#include "support/catch.hpp"

using namespace troupe::report;

TEST_CASE("columns are counted as a terminal shows them", "[text_width]") {
  CHECK(columns_of("") == 0);
  CHECK(columns_of("abc") == 3);
  CHECK(columns_of("é") == 1);
  CHECK(columns_of("e\u0301") == 1);
  CHECK(columns_of("日本") == 4);
  CHECK(columns_of("🙂") == 2);
  CHECK(columns_of("\xff\xfe") == 2);
  CHECK(columns_of("\xe6\x97") == 2); // cut in its middle
}

TEST_CASE("bytes that are not UTF-8 are one replacement each", "[text_width]") {
  for (const std::string bad : {"\x80", "\xC0\xAF", "\xED\xA0\x80", "\xF5",
                                "\xE0\x80\x80", "\xF4\x90\x80\x80", "\xE2\x82"})
    CHECK(first_code_point(bad).value == 0xFFFD);
  CHECK(first_code_point("\xF0\x9F\x99\x82").value == 0x1F642);
}

TEST_CASE("a clipped text ends in an ellipsis within its columns",
          "[text_width]") {
  CHECK(clipped("abc", 3) == "abc");
  CHECK(clipped("abcd", 3) == "ab…");
  CHECK(clipped("日本語", 4) == "日…");
  CHECK(clipped("abc", 0).empty());
  CHECK(clipped("abc", 1) == "…");
  CHECK(padded("日", 4) == "日  ");
  CHECK(padded("7", 3, true) == "  7");
}

TEST_CASE("text is wrapped between words", "[text_width]") {
  CHECK(wrapped("one two three", 0, 2) == "one two three");
  CHECK(wrapped("one two three", 7, 2) == "one two\n  three");
  CHECK(wrapped("one two three\n", 8, 0) == "one two\nthree\n");
  CHECK(wrapped("averylongword and", 5, 2) == "averylongword\n  and");
  CHECK(wrapped("a b\nc d\n\n  e f", 3, 0) == "a b\nc d\n\n  e\nf");
  CHECK(wrapped("日本 語", 5, 0) == "日本\n語");
}

TEST_CASE("text of a model cannot command the terminal", "[printable]") {
  CHECK(printable("a\x1b[31mred\x1b[0m") == "ared");
  CHECK(printable("a\x1b]0;title\x07z") == "az");
  CHECK(printable("a\x1b]8;;http://x\x1b\\z") == "az");
  CHECK(printable("a\x1bPq#0\x1b\\z") == "az");
  CHECK(printable("a\rb\bc\x7f") == "abc");
  CHECK(printable("a\u009b31mz") == "a31mz");
  CHECK(printable("a\u202Eevil\u2066z") == "aevilz");
  CHECK(printable("line\nnext\ttab") == "line\nnext\ttab");
  CHECK(printable_line("line\nnext\ttab") == "line next tab");
  CHECK(printable("\xff") == "\uFFFD");
  CHECK(printable("\x1b") == "");
  CHECK(printable("grüße 日本 🙂") == "grüße 日本 🙂");
}

TEST_CASE("a sequence that never ends does not swallow the text",
          "[printable]") {
  CHECK(printable("a\x1b]0;title and more") == "a0;title and more");
  CHECK(printable("a\x1b[12") == "a12");
}

TEST_CASE("no text leaves a control character", "[printable]") {
  std::uint64_t state = 7;
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (int i = 0; i < 20; ++i) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      const auto pick = state >> 60U;
      text += pick < 3 ? '\x1b' : static_cast<char>(state >> 40U);
    }
    for (const char c : printable_line(text))
      CHECK((static_cast<unsigned char>(c) >= 0x20 && c != 0x7f));
  }
}

TEST_CASE("a table lines its columns up", "[text_table]") {
  text_table table{{{"NAME"}, {"COST", true}}};
  table.add_row({{"a"}, {"$1.00"}});
  table.add_row({{"日本語の"}, {"$10.00"}});
  CHECK(table.text({})
        == "NAME        COST\n"
           "a          $1.00\n"
           "日本語の  $10.00\n");
}

TEST_CASE("a cell stays on its line and keeps its escape codes out",
          "[text_table]") {
  text_table table{{{"A"}, {"B"}}};
  table.add_row({{"x\ny\x1b[2J"}, {"z"}});
  CHECK(table.text({}) == "A    B\nx y  z\n");
}

TEST_CASE("a narrow page takes from the columns that may shrink",
          "[text_table]") {
  text_table table{{{"NAME", false, true}, {"FIXED"}}};
  table.add_row({{"a-very-long-name-of-a-task"}, {"stays-whole"}});
  const auto text = table.text({24, false});
  CHECK(text == "NAME         FIXED\na-very-lon…  stays-whole\n");
  CHECK(table.text({5, false}).find("stays-whole") != std::string::npos);
}

TEST_CASE("a page too narrow for all columns leaves out the least wanted",
          "[text_table]") {
  text_table table{{{"NAME", false, true},
                    {"MODEL", false, true, 2},
                    {"COST"},
                    {"GUESS", true, false, 1}}};
  table.add_row({{"a-very-long-name-of-a-task"}, {"m"}, {"$1.00"}, {"$2"}});
  CHECK(table.text({40, false})
        == "NAME                 MODEL  COST   GUESS\n"
           "a-very-long-name-o…  m      $1.00     $2\n");
  CHECK(table.text({30, false})
        == "NAME              MODEL  COST\n"
           "a-very-long-nam…  m      $1.00\n");
  CHECK(table.text({20, false})
        == "NAME           COST\n"
           "a-very-long-…  $1.00\n");
}

TEST_CASE("colours come only when they are asked for", "[text_table]") {
  text_table table{{{"A"}}};
  table.add_row({{"x", tone::bad}});
  CHECK(table.text({0, false}) == "A\nx\n");
  CHECK(table.text({0, true}) == "\x1b[1mA\x1b[0m\n\x1b[31mx\x1b[0m\n");
}
