#include "support/catch.hpp"
#include "support/file_text.hpp"
#include "support/scratch_folder.hpp"
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
  std::size_t refused_by_rule = 0; ///< DOCTYPE, encodings, instructions.
};

bool is_by_rule(const error& failure) {
  for (const auto* rule : {"not allowed", ", expected UTF-8", ", expected 1.0",
                           "text beside elements", "not UTF-8"})
    if (failure.detail.find(rule) != std::string::npos)
      return true;
  return false;
}

std::string text_of(const count& all) {
  return std::to_string(all.accepted) + " accepted, "
         + std::to_string(all.refused) + " refused, "
         + std::to_string(all.refused_by_rule) + " refused by rule";
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
  const auto unpack = "tar -C '" + scratch.path().string() + "' -xf '"
                      + archive.string() + "' 2>/dev/null";
  if (!std::filesystem::exists(archive) || std::system(unpack.c_str()) != 0) {
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
    INFO((parsed ? std::string{} : parsed.error().detail));
    auto& of_type = counts[each.type];
    if (parsed)
      ++of_type.accepted;
    else
      ++(is_by_rule(parsed.error()) ? of_type.refused_by_rule
                                    : of_type.refused);
    if (each.type == "not-wf")
      CHECK(parsed.has_error());
    CHECK(message_from_xml(text).has_error()); // none of them is a message
  }
  for (const auto& [type, all] : counts)
    WARN("XML conformance suite, " << type << ": " << text_of(all));
}

TEST_CASE("hostile XML is answered in time, in little memory, in silence",
          "[xml_suite]") {
  auto files = troupe::test::files_in(hostile / "test", ".xml");
  if (files.empty()) {
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
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{1});
    CHECK(troupe::test::file_text(errors).empty());
    if (parsed)
      ++all.accepted;
    else
      ++(is_by_rule(parsed.error()) ? all.refused_by_rule : all.refused);
  }
  CHECK(memory_kib() - before < 64 * 1024);
  WARN("hostile XML, " << files.size() << " files: " << text_of(all) << "; "
                       << memory_kib() - before << " KiB more");
}

} // namespace troupe::protocol
