#include "shown_text.hpp"
#include "xml_precheck.hpp"

#include <libxml/parserInternals.h>
#include <memory>
#include <optional>

namespace troupe::protocol {

namespace {

constexpr std::string_view instance_namespace =
    "http://www.w3.org/2001/XMLSchema-instance";
constexpr std::string_view blank = " \t\r\n";
constexpr int attribute_fields = 5; // name, prefix, namespace, begin, end

std::string_view view_of(const xmlChar* text) {
  return text == nullptr
             ? std::string_view{}
             : std::string_view{reinterpret_cast<const char*>(text)};
}

struct free_parser {
  void operator()(xmlParserCtxt* parser) const { xmlFreeParserCtxt(parser); }
};

/// Makes a document of what the parser tells; stops it where the document is
/// not one that we take. What throws must not pass through C code.
class document_builder {
public:
  document_builder(xmlParserCtxt* parser, std::size_t text_bytes,
                   const xml_limits& limits)
      : parser_(parser), limits_(limits) {
    characters_.reserve(text_bytes);
    parser->userData = this;
    *parser->sax = handlers();
  }

  result<xml_document> finish() && {
    if (failure_)
      return std::move(*failure_);
    if (nodes_.empty() || parser_->wellFormed == 0
        || parser_->nsWellFormed == 0)
      return fail(errc::malformed_message, "line 1: not an XML document");
    return xml_document{std::move(nodes_), std::move(unknown_),
                        std::move(characters_)};
  }

private:
  using node = xml_document::node;
  using piece = xml_document::piece;

  struct open_element {
    std::uint32_t index = 0;
    std::uint32_t last_child = 0; ///< 0: none.
  };

  struct tag {
    std::string_view name;
    bool is_in_namespace;
    int attribute_count;
    const xmlChar** attributes;
  };

  static document_builder& of(void* self) {
    return *static_cast<document_builder*>(self);
  }

  /// Runs `step` and stops the parser when it fails.
  template <class F>
  static void guarded(void* self, F step) {
    auto& builder = of(self);
    if (builder.failure_)
      return;
    try {
      step(builder);
    } catch (const std::exception& problem) {
      builder.refuse(errc::limit_exceeded, problem.what());
    }
    if (builder.failure_)
      xmlStopParser(builder.parser_);
  }

  static xmlSAXHandler handlers() {
    xmlSAXHandler all{};
    all.initialized = XML_SAX2_MAGIC;
    all.startElementNs = [](void* self, const xmlChar* name, const xmlChar*,
                            const xmlChar* space, int, const xmlChar**,
                            int count, int, const xmlChar** attributes) {
      guarded(self, [&](auto& builder) {
        builder.start({view_of(name), view_of(space) == xml_namespace, count,
                       attributes});
      });
    };
    all.endElementNs = [](void* self, const xmlChar*, const xmlChar*,
                          const xmlChar*) {
      guarded(self, [](auto& builder) { builder.open_.pop_back(); });
    };
    all.characters = &on_characters;
    all.ignorableWhitespace = &on_characters;
    all.cdataBlock = &on_characters;
    all.internalSubset = [](void* self, const xmlChar*, const xmlChar*,
                            const xmlChar*) {
      guarded(self, [](auto& builder) {
        builder.refuse(errc::malformed_message,
                       "a declaration such as DOCTYPE is not allowed");
      });
    };
    all.processingInstruction = [](void* self, const xmlChar*, const xmlChar*) {
      guarded(self, [](auto& builder) {
        builder.refuse(errc::malformed_message,
                       "a processing instruction is not allowed");
      });
    };
    all.serror = static_cast<xmlStructuredErrorFunc>(&on_error);
    return all;
  }

  static void on_characters(void* self, const xmlChar* text, int size) {
    guarded(self, [&](auto& builder) {
      builder.add_text({reinterpret_cast<const char*>(text),
                        static_cast<std::size_t>(size)});
    });
  }

  /// A template, since later versions of libxml2 make the error const.
  template <class Error>
  static void on_error(void* self, Error* told) {
    if (told == nullptr || told->level < XML_ERR_ERROR)
      return;
    guarded(self, [&](auto& builder) {
      std::string_view why = told->message == nullptr ? "" : told->message;
      why = why.substr(0, why.find('\n'));
      builder.refuse_at(static_cast<std::uint32_t>(told->line),
                        errc::malformed_message, shown(why, false));
    });
  }

  void refuse(errc code, const std::string& why) {
    refuse_at(line(), code, why);
  }
  void refuse_at(std::uint32_t where, errc code, const std::string& why) {
    failure_ = fail(code, "line " + std::to_string(where) + ": " + why);
  }

  [[nodiscard]] std::uint32_t line() const {
    return parser_->input == nullptr
               ? 1
               : static_cast<std::uint32_t>(parser_->input->line);
  }

  piece keep(std::string_view text) {
    const piece kept{static_cast<std::uint32_t>(characters_.size()),
                     static_cast<std::uint32_t>(text.size())};
    characters_ += text;
    return kept;
  }

  void start(const tag& it) {
    if (nodes_.size() >= limits_.elements_max)
      return refuse(errc::limit_exceeded, "too many elements");
    if (open_.size() >= limits_.depth_max)
      return refuse(errc::limit_exceeded,
                    "elements deeper than "
                        + std::to_string(limits_.depth_max));
    const auto index = static_cast<std::uint32_t>(nodes_.size());
    if (!open_.empty() && !adopt(index))
      return;
    node made;
    made.name = keep(it.name);
    made.line = line();
    made.is_in_namespace = it.is_in_namespace;
    nodes_.push_back(made);
    for (int i = 0; i < it.attribute_count; ++i)
      add_attribute(index, it.attributes + attribute_fields * i);
    nodes_[index].text.begin = static_cast<std::uint32_t>(characters_.size());
    open_.push_back({index, 0});
  }

  /// Makes `child` the last child of the innermost open element.
  bool adopt(std::uint32_t child) {
    auto& above = open_.back();
    auto& parent = nodes_[above.index];
    if (!parent.has_child) {
      if (!is_blank(parent.text))
        return refuse_mixed();
      characters_.resize(parent.text.begin);
      parent.text.size = 0;
      parent.has_child = true;
    }
    if (above.last_child != 0)
      nodes_[above.last_child].next = child;
    above.last_child = child;
    return true;
  }

  void add_text(std::string_view text) {
    if (open_.empty())
      return;
    auto& owner = nodes_[open_.back().index];
    if (owner.has_child) {
      if (text.find_first_not_of(blank) != std::string_view::npos)
        (void)refuse_mixed();
      return;
    }
    characters_ += text;
    owner.text.size += static_cast<std::uint32_t>(text.size());
  }

  bool refuse_mixed() {
    refuse(errc::malformed_message, "text beside elements");
    return false;
  }

  [[nodiscard]] bool is_blank(piece text) const {
    return std::string_view{characters_}
               .substr(text.begin, text.size)
               .find_first_not_of(blank)
           == std::string_view::npos;
  }

  void add_attribute(std::uint32_t index, const xmlChar** fields) {
    const auto name = view_of(fields[0]);
    const auto space = view_of(fields[2]);
    const auto* begin = reinterpret_cast<const char*>(fields[3]);
    const auto* end = reinterpret_cast<const char*>(fields[4]);
    const std::string_view value{begin, static_cast<std::size_t>(end - begin)};
    if (space.empty() && name == "encoding" && value == "base64") {
      nodes_[index].is_base64 = true;
      return;
    }
    if (index == 0 && space == instance_namespace && name == "schemaLocation")
      return;
    if (!nodes_[index].has_unknown_attribute)
      unknown_.push_back({index, keep(name)});
    nodes_[index].has_unknown_attribute = true;
  }

  xmlParserCtxt* parser_;
  const xml_limits& limits_;
  std::vector<node> nodes_;
  std::vector<xml_document::attribute> unknown_;
  std::vector<open_element> open_;
  std::string characters_; // names, and texts of elements without children
  std::optional<error> failure_;
};

} // namespace

result<xml_document> parse_xml(std::string_view text, xml_limits limits) {
  if (auto bad = precheck_xml(text, limits))
    return std::move(*bad);
  static const bool is_ready = (xmlInitParser(), true);
  const std::unique_ptr<xmlParserCtxt, free_parser> parser{
      is_ready ? xmlCreateMemoryParserCtxt(text.data(),
                                           static_cast<int>(text.size()))
               : nullptr};
  if (!parser)
    return fail(errc::limit_exceeded, "document: no memory for an XML parser");
  xmlCtxtUseOptions(parser.get(), XML_PARSE_NONET | XML_PARSE_NOERROR
                                      | XML_PARSE_NOWARNING
                                      | XML_PARSE_IGNORE_ENC);
  document_builder builder{parser.get(), text.size(), limits};
  xmlParseDocument(parser.get());
  return std::move(builder).finish();
}

} // namespace troupe::protocol
