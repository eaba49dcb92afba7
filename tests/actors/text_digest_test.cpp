#include "support/catch.hpp"
#include "text_digest.hpp"
#include "text_digest_sentences.hpp"
#include "text_digest_words.hpp"

#include <chrono>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

using namespace troupe::actors;

namespace {

const std::string harbour =
    "The harbour of Velm was closed for nine days after the storm. Nobody "
    "was hurt. Engineers found that the northern sea wall had moved by forty "
    "centimetres. The council will pay for a new sea wall from the harbour "
    "fees of the next three years. It rained. Fishing boats used the small "
    "harbour at Osk in the meantime, which cost them an hour a day. The mayor "
    "thanked the engineers and said that the old wall had stood since 1911.";

const std::string budget =
    "The town's budget for next year is balanced. Harbour fees rise by six "
    "percent, and parking fees stay as they are. The library gets a new roof. "
    "A loan of two million covers the first part of the sea wall.";

std::string read_file(const std::string& name) {
  std::ifstream file(std::string{TROUPE_SHARED_DATA_DIR} + "/longdocs/" + name,
                     std::ios::binary);
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// Every sentence of the digest (below its opening) is in one of the inputs.
void check_extractive(const std::string& digest, const digest_request& made) {
  std::string all;
  for (const auto input : made.inputs)
    all += one_line(input) + "\n";
  for (const auto& p : split_passages(digest)) {
    const auto sentence = one_line(p.text);
    INFO(sentence);
    CHECK((all.find(sentence) != std::string::npos
           || digest.rfind(sentence, 0) == 0));
  }
}

digest_request harbour_request() {
  digest_request out;
  out.task = "Summarise what the sea wall costs. Be brief.";
  out.inputs = {harbour, budget};
  out.tokens_max = 110;
  return out;
}

} // namespace

TEST_CASE("a digest opens with the task and draws on every input",
          "[text_digest]") {
  const auto request = harbour_request();
  const auto digest = digest_of(request, quarter_of_bytes);
  INFO(digest);
  CHECK(digest.rfind("Summarise what the sea wall costs:\n\n", 0) == 0);
  CHECK(digest.find("sea wall from the harbour fees") != std::string::npos);
  CHECK(digest.find("loan of two million") != std::string::npos);
  CHECK(digest.find("It rained.") == std::string::npos);
  CHECK(quarter_of_bytes(digest) <= request.tokens_max);
  check_extractive(digest, request);
}

TEST_CASE("a digest keeps within its tokens, whatever they are",
          "[text_digest]") {
  auto request = harbour_request();
  for (std::uint64_t tokens = 1; tokens < 260; tokens += 3) {
    request.tokens_max = tokens;
    const auto digest = digest_of(request, quarter_of_bytes);
    CAPTURE(tokens, digest);
    CHECK(quarter_of_bytes(digest) <= tokens);
    if (tokens > 4)
      CHECK_FALSE(digest.empty());
  }
}

TEST_CASE("a digest says a thing once", "[text_digest]") {
  const std::string sentence =
      "The northern sea wall had moved by forty centimetres. ";
  const std::string other =
      "The council of the town will pay for the repair of it. ";
  const auto text = sentence + other + sentence + sentence;
  digest_request request;
  request.inputs = {text};
  request.tokens_max = 30;
  const auto digest = digest_of(request, quarter_of_bytes);
  CHECK(digest == sentence + other.substr(0, other.size() - 1));
}

TEST_CASE("the same request gives the same digest; chance needs its seed",
          "[text_digest]") {
  auto request = harbour_request();
  const auto best = digest_of(request, quarter_of_bytes);
  CHECK(digest_of(request, quarter_of_bytes) == best);
  request.seed = 5;
  CHECK(digest_of(request, quarter_of_bytes) == best);
  request.quality_permille = 0;
  request.tokens_max = 90;
  std::set<std::string> seen;
  for (request.seed = 0; request.seed < 8; ++request.seed) {
    seen.insert(digest_of(request, quarter_of_bytes));
    CHECK(seen.count(digest_of(request, quarter_of_bytes)) == 1);
  }
  CHECK(seen.size() > 4);
  for (const auto& digest : seen)
    check_extractive(digest, request);
}

TEST_CASE("a text without sentences comes back in its own words",
          "[text_digest]") {
  digest_request request;
  CHECK(digest_of(request, quarter_of_bytes).empty());
  request.task = "ping";
  CHECK(digest_of(request, quarter_of_bytes) == "ping");
  request.inputs = {"hello"};
  CHECK(digest_of(request, quarter_of_bytes) == "hello");
  request.inputs = {"# Apples\n\n# Pears"};
  CHECK(digest_of(request, quarter_of_bytes) == "# Apples # Pears");
  request.inputs = {"...", "one two"};
  CHECK(digest_of(request, quarter_of_bytes) == "one two");
  request.inputs = {"今天下雨。我们在家！"};
  CHECK(digest_of(request, quarter_of_bytes) == "今天下雨。 我们在家！");
}

TEST_CASE("a digest of code shows what it declares", "[text_digest]") {
  const std::string code = "// Keeps the accounts of a town.\n"
                           "class ledger {\n"
                           "public:\n"
                           "  void pay(int amount) {\n"
                           "    left_ -= amount;\n"
                           "    if (left_ < 0) {\n"
                           "      warn();\n"
                           "    }\n"
                           "  }\n"
                           "};\n";
  digest_request request;
  request.inputs = {code};
  CHECK(digest_of(request, quarter_of_bytes)
        == "// Keeps the accounts of a town.\nclass ledger {\n"
           "void pay(int amount) {");
}

TEST_CASE("lists come out as lists", "[text_digest]") {
  const std::string text =
      "- The harbour opens at six in the morning.\n"
      "- Parking at the old town wall is free of charge.\n";
  digest_request request;
  request.inputs = {text};
  CHECK(digest_of(request, quarter_of_bytes) + "\n" == text);
}

TEST_CASE("a book is digested from all its parts, fast", "[text_digest]") {
  const auto book = read_file("moby-dick.txt");
  if (book.empty()) {
    WARN("skipped: no long documents");
    return;
  }
  digest_request request;
  request.task = "Tell of the whale and the voyage.";
  request.inputs = {book};
  request.tokens_max = 600;
  const auto start = std::chrono::steady_clock::now();
  const auto digest = digest_of(request, quarter_of_bytes);
  const auto took = std::chrono::steady_clock::now() - start;
  INFO(digest);
  check_extractive(digest, request);
  CHECK(count_words(digest) > 250);
  CHECK(quarter_of_bytes(digest) <= 600);
  // About 15 ms when optimised; the bound allows for a slow, unoptimised build.
  CHECK(took < std::chrono::seconds{2});
  const auto flat = one_line(book);
  std::size_t in_last_half = 0;
  for (const auto& p : split_passages(digest))
    if (const auto at = flat.find(one_line(p.text)); at != std::string::npos)
      in_last_half += at > flat.size() / 2 ? 1 : 0;
  CHECK(in_last_half > 0);
}

TEST_CASE("a digest of speeches tells their common subject", "[text_digest]") {
  const std::string first = read_file("sotu/2010_barack_obama_d.txt");
  const std::string second = read_file("sotu/2011_barack_obama_d.txt");
  if (first.empty() || second.empty()) {
    WARN("skipped: no long documents");
    return;
  }
  digest_request request;
  request.task = "Summarise what the speeches say on energy and jobs.";
  request.inputs = {first, second};
  request.tokens_max = 300;
  const auto digest = digest_of(request, quarter_of_bytes);
  INFO(digest);
  check_extractive(digest, request);
  CHECK(digest.find("energy", 60) != std::string::npos);
  CHECK(digest.find("jobs", 60) != std::string::npos);
}

TEST_CASE("the first tokens of a text end with a word", "[text_digest]") {
  CHECK(first_tokens("one two three", 2, quarter_of_bytes) == "one two");
  CHECK(first_tokens("one two three", 9, quarter_of_bytes) == "one two three");
  CHECK(first_tokens("one", 0, quarter_of_bytes).empty());
  CHECK(first_tokens("你好你好", 1, quarter_of_bytes) == "你");
}
