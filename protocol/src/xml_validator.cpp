#include "shown_text.hpp"
#include "troupe/protocol/xml_schema.hpp"
#include "xml_precheck.hpp"

#include <libxml/xmlschemas.h>
#include <mutex>

namespace troupe::protocol {

namespace {

constexpr std::size_t told_max = 400;

/// libxml2 releases each of its objects with a function of its own.
template <auto release>
struct releaser {
  template <class T>
  void operator()(T* object) const {
    release(object);
  }
};

using schema_parser =
    std::unique_ptr<xmlSchemaParserCtxt, releaser<&xmlSchemaFreeParserCtxt>>;

/// Keeps the first thing that libxml2 complains of. A template, since later
/// versions of libxml2 make the error const.
template <class Error>
void keep_first(void* where, Error* told) {
  auto& kept = *static_cast<std::optional<error>*>(where);
  if (kept || told == nullptr || told->level < XML_ERR_ERROR)
    return;
  std::string_view why = told->message == nullptr ? "" : told->message;
  why = why.substr(0, why.find('\n'));
  kept =
      fail(errc::malformed_message, "line " + std::to_string(told->line) + ": "
                                        + shown(why, false, told_max));
}

} // namespace

struct xml_validator::state {
  std::unique_ptr<xmlSchema, releaser<&xmlSchemaFree>> schema;
  std::unique_ptr<xmlSchemaValidCtxt, releaser<&xmlSchemaFreeValidCtxt>> run;
  std::optional<error> failure;
};

xml_validator::xml_validator(std::unique_ptr<state> all) noexcept
    : state_(std::move(all)) {}
xml_validator::xml_validator(xml_validator&&) noexcept = default;
xml_validator& xml_validator::operator=(xml_validator&&) noexcept = default;
xml_validator::~xml_validator() = default;

result<xml_validator> xml_validator::create(std::string_view xsd) {
  static std::mutex types; // libxml2 makes its table of types unguarded
  const std::lock_guard lock{types};
  auto all = std::make_unique<state>();
  const auto report = static_cast<xmlStructuredErrorFunc>(&keep_first);
  const schema_parser parser{xmlSchemaNewMemParserCtxt(
      xsd.data(), static_cast<int>(std::min(xsd.size(), xml_bytes_end)))};
  xmlSchemaSetParserStructuredErrors(parser.get(), report, &all->failure);
  all->schema.reset(xmlSchemaParse(parser.get()));
  if (all->schema)
    all->run.reset(xmlSchemaNewValidCtxt(all->schema.get()));
  if (!all->run)
    return fail(errc::internal,
                "not a schema: "
                    + (all->failure ? all->failure->detail : std::string{}));
  xmlSchemaSetValidStructuredErrors(all->run.get(), report, &all->failure);
  return xml_validator{std::move(all)};
}

std::optional<error> xml_validator::check(std::string_view text,
                                          const xml_limits& limits) {
  if (auto bad = precheck_xml(text, limits))
    return bad;
  state_->failure.reset();
  // Streaming, without a tree; the validator's parser frees the buffer.
  auto* input = xmlParserInputBufferCreateMem(
      text.data(), static_cast<int>(text.size()), XML_CHAR_ENCODING_NONE);
  const int code = xmlSchemaValidateStream(
      state_->run.get(), input, XML_CHAR_ENCODING_UTF8, nullptr, nullptr);
  if (state_->failure || code == 0)
    return std::exchange(state_->failure, {});
  return fail(errc::malformed_message, "line 1: not an XML document");
}

} // namespace troupe::protocol
