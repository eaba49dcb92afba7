#include "support/catch.hpp"
#include "support/file_text.hpp"
#include "support/scratch_folder.hpp"
#include "support/suite_counts.hpp"
#include "troupe/protocol/xml.hpp"

#include <array>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <map>
#include <regex>
#include <sys/resource.h>
#include <unistd.h>

namespace troupe::protocol {

namespace {

const std::filesystem::path archive =
    TROUPE_SHARED_DATA_DIR "/xmlconf/xmlconf-20130923.tar.xz";
const std::filesystem::path hostile = TROUPE_SHARED_DATA_DIR "/xml-hostile";

/// The files that list tests; their paths start at the file's own folder.
constexpr std::array<const char*, 21> lists{
    "xmltest/xmltest.xml",
    "japanese/japanese.xml",
    "sun/sun-valid.xml",
    "sun/sun-invalid.xml",
    "sun/sun-not-wf.xml",
    "sun/sun-error.xml",
    "oasis/oasis.xml",
    "ibm/ibm_oasis_invalid.xml",
    "ibm/ibm_oasis_not-wf.xml",
    "ibm/ibm_oasis_valid.xml",
    "ibm/xml-1.1/ibm_invalid.xml",
    "ibm/xml-1.1/ibm_not-wf.xml",
    "ibm/xml-1.1/ibm_valid.xml",
    "eduni/errata-2e/errata2e.xml",
    "eduni/errata-3e/errata3e.xml",
    "eduni/errata-4e/errata4e.xml",
    "eduni/xml-1.1/xml11.xml",
    "eduni/misc/ht-bh.xml",
    "eduni/namespaces/1.0/rmt-ns10.xml",
    "eduni/namespaces/1.1/rmt-ns11.xml",
    "eduni/namespaces/errata-1e/errata1e.xml"};

struct listed_test {
  std::string type; ///< `valid`, `invalid`, `not-wf` or `error`.
  std::filesystem::path file;
};

std::string attribute_of(const std::string& tag, const std::string& name) {
  static std::map<std::string, std::regex> forms; // each takes long to make
  const auto& form =
      forms.try_emplace(name, "\\b" + name + "\\s*=\\s*[\"']([^\"']*)[\"']")
          .first->second;
  std::smatch found;
  return std::regex_search(tag, found, form) ? found[1].str() : "";
}

std::vector<listed_test> tests_below(const std::filesystem::path& folder) {
  static const std::regex tag{"<TEST\\b[^>]*>"};
  std::vector<listed_test> tests;
  for (const auto* list : lists) {
    const auto text = troupe::test::file_text(folder / list);
    for (std::sregex_iterator it{text.begin(), text.end(), tag}, end; it != end;
         ++it) {
      // Earlier editions of XML 1.0 had fewer name characters than the fifth.
      const auto edition = attribute_of(it->str(), "EDITION");
      if (edition.empty() || edition.find('5') != std::string::npos)
        tests.push_back(
            {attribute_of(it->str(), "TYPE"),
             (folder / list).parent_path() / attribute_of(it->str(), "URI")});
    }
  }
  return tests;
}

/// What became of the files of one type.
struct count {
  std::size_t accepted = 0;
  std::size_t refused = 0;
  /// DOCTYPE, encodings, instructions, names that namespaces do not allow.
  std::size_t refused_by_rule = 0;
};

bool is_by_rule(const error& failure) {
  for (const auto* rule : {"not allowed", ", expected UTF-8", ", expected 1.0",
                           "text beside elements", "not UTF-8", "parse QName"})
    if (failure.detail.find(rule) != std::string::npos)
      return true;
  return false;
}

std::string text_of(const count& all) {
  return std::to_string(all.accepted) + " accepted, "
         + std::to_string(all.refused) + " refused, "
         + std::to_string(all.refused_by_rule) + " refused by rule";
}

void add(const xml_problem& refusal, count& all) {
  if (!refusal)
    ++all.accepted;
  else
    ++(is_by_rule(*refusal) ? all.refused_by_rule : all.refused);
}

/// A valid text is refused only by a rule of ours.
bool is_as_expected(const std::string& type, const xml_problem& refusal) {
  if (type == "not-wf")
    return refusal.has_value();
  return type == "error" || !refusal || is_by_rule(*refusal);
}

/// What is written to standard error while it lives.
class captured_errors {
public:
  explicit captured_errors(const std::filesystem::path& file)
      : saved_(::dup(2)) {
    const int to = ::open(file.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
    ::dup2(to, 2);
    ::close(to);
  }
  ~captured_errors() {
    ::dup2(saved_, 2);
    ::close(saved_);
  }
  captured_errors(const captured_errors&) = delete;
  captured_errors& operator=(const captured_errors&) = delete;

private:
  int saved_;
};

long memory_kib() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return used.ru_maxrss;
}

} // namespace

TEST_CASE("XML conformance suite: what is not well-formed is refused",
          "[xml_suite]") {
  const troupe::test::scratch_folder scratch{"xmlconf"};
  troupe::test::suite_counts all{"xmlconf"};
  const auto unpack = "tar -C '" + scratch.path().string() + "' -xf '"
                      + archive.string() + "' 2>/dev/null";
  if (!std::filesystem::exists(archive) || std::system(unpack.c_str()) != 0) {
    WARN(all.line());
    WARN("skipped: no " << archive.string() << ", or no tar that reads it");
    return;
  }
  const auto tests = tests_below(scratch.path() / "xmlconf");
  CHECK(tests.size() > 2000);
  std::map<std::string, count> counts;
  for (const auto& each : tests) {
    const auto text = troupe::test::file_text(each.file);
    const auto parsed = parse_xml(text);
    INFO(each.file.string());
    const auto refusal = parsed ? xml_problem{} : parsed.error();
    INFO((refusal ? refusal->detail : ""));
    add(refusal, counts[each.type]);
    const bool expected = is_as_expected(each.type, refusal);
    CHECK(expected);
    all.count(expected);
    CHECK(message_from_xml(text).has_error()); // none of them is a message
  }
  WARN(all.line());
  for (const auto& [type, of_type] : counts)
    WARN("XML conformance suite, " << type << ": " << text_of(of_type));
}

TEST_CASE("hostile XML is answered in time, in little memory, in silence",
          "[xml_suite]") {
  auto files = troupe::test::files_in(hostile / "test", ".xml");
  troupe::test::suite_counts suite{"xml-hostile"};
  if (files.empty()) {
    WARN(suite.line());
    WARN("skipped: no " << hostile.string());
    return;
  }
  for (const auto* ending : {".ent", ".dtd"})
    for (const auto& file : troupe::test::files_in(hostile / "test", ending))
      files.push_back(file);
  const troupe::test::scratch_folder scratch{"xml-hostile"};
  const auto errors = scratch.path() / "stderr";
  count all;
  const auto before = memory_kib();
  for (const auto& file : files) {
    const auto text = troupe::test::file_text(file);
    INFO(file.string());
    const auto begin = std::chrono::steady_clock::now();
    const auto parsed = [&] {
      const captured_errors silence{errors};
      return parse_xml(text);
    }();
    const bool in_time =
        std::chrono::steady_clock::now() - begin < std::chrono::seconds{1};
    const bool in_silence = troupe::test::file_text(errors).empty();
    CHECK(in_time);
    CHECK(in_silence);
    suite.count(in_time && in_silence);
    add(parsed ? xml_problem{} : parsed.error(), all);
  }
  CHECK(memory_kib() - before < 64 * 1024);
  WARN(suite.line());
  WARN("hostile XML, " << files.size() << " files: " << text_of(all) << "; "
                       << memory_kib() - before << " KiB more");
}

} // namespace troupe::protocol
