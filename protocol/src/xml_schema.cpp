#include "troupe/protocol/xml_schema.hpp"

#include "shown_text.hpp"
#include "text_patterns.hpp"
#include "troupe/protocol/nearest.hpp"

#include <map>

namespace troupe::protocol {

namespace {

std::string facet(std::string_view name, std::string_view value) {
  return "<xs:" + std::string(name) + " value=\"" + std::string(value) + "\"/>";
}

std::string simple_type(std::string_view name, std::string_view base,
                        std::string_view facets) {
  return "<xs:simpleType name=\"" + std::string(name)
         + "\"><xs:restriction base=\"xs:" + std::string(base) + "\">"
         + std::string(facets) + "</xs:restriction></xs:simpleType>\n";
}

/// The type of integers of this range, as in C++: `uint32`.
std::string name_of_integer(std::int64_t min, std::uint64_t max) {
  unsigned bits = min == 0 ? 0 : 1;
  for (auto rest = max; rest != 0; rest >>= 1U)
    ++bits;
  return (min == 0 ? "uint" : "int") + std::to_string(bits);
}

/// The root element of a kind, whose body is one of `bodies`.
std::string root_element(std::string_view kind, std::string_view bodies) {
  return "<xs:element name=\"" + std::string(kind)
         + "\"><xs:complexType><xs:sequence>\n"
         + xsd_builder::element("header", "header") + "<xs:choice>\n"
         + std::string(bodies)
         + "</xs:choice></xs:sequence></xs:complexType></xs:element>\n";
}

} // namespace

std::string xsd_builder::element(std::string_view name, std::string_view type,
                                 std::string_view occurs) {
  return "<xs:element name=\"" + std::string(name) + "\" type=\"t:"
         + std::string(type) + '"' + std::string(occurs) + "/>\n";
}

std::string xsd_builder::finish(std::string_view elements) && {
  const std::string space(xml_namespace);
  return "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns:t=\""
         + space + "\" targetNamespace=\"" + space
         + "\" elementFormDefault=\"qualified\">\n" + types_
         + std::string(elements) + "</xs:schema>\n";
}

std::string xsd_builder::word(std::string name, std::string_view pattern) {
  if (begin(name))
    types_ += simple_type(name, "token", facet("pattern", pattern));
  return name;
}

std::string xsd_builder::names(std::string name,
                               const std::vector<std::string>& values) {
  std::string facets;
  for (const auto& value : values)
    facets += facet("enumeration", value);
  if (begin(name))
    types_ += simple_type(name, "token", facets);
  return name;
}

std::string xsd_builder::integer(std::int64_t min, std::uint64_t max) {
  auto name = name_of_integer(min, max);
  if (begin(name))
    types_ += simple_type(name, "integer",
                          facet("pattern", "-?[0-9]+")
                              + facet("minInclusive", std::to_string(min))
                              + facet("maxInclusive", std::to_string(max)));
  return name;
}

std::string xsd_builder::branch(std::string name, std::string_view group,
                                std::string_view children) {
  const std::string kind(group);
  if (begin(name))
    types_ += "<xs:complexType name=\"" + name + "\"><xs:" + kind + ">\n"
              + std::string(children) + "</xs:" + kind + "></xs:complexType>\n";
  return name;
}

std::string xsd_builder::make(const std::string*) {
  if (begin("text"))
    types_ += "<xs:complexType name=\"text\"><xs:simpleContent>"
              "<xs:extension base=\"xs:string\">"
              "<xs:attribute name=\"encoding\"><xs:simpleType>"
              "<xs:restriction base=\"xs:string\">"
              "<xs:enumeration value=\"base64\"/>"
              "</xs:restriction></xs:simpleType></xs:attribute>"
              "</xs:extension></xs:simpleContent></xs:complexType>\n";
  return "text";
}

std::string xsd_builder::make(const id*) {
  return word("id", patterns::id);
}
std::string xsd_builder::make(const instant*) {
  return word("time", patterns::instant);
}
std::string xsd_builder::make(const duration*) {
  return word("duration", patterns::duration);
}
std::string xsd_builder::make(const money*) {
  return word("money", patterns::money);
}

result<std::string> message_xsd(std::string_view type) {
  const auto types = message_types();
  xsd_builder builder;
  (void)builder.type_of<header>();
  std::map<std::string_view, std::string> bodies; // by kind
  for_each_message_type([&](auto which) {
    using envelope = typename decltype(which)::type;
    using body_type = decltype(envelope::body);
    if (type.empty() || type == body_name<body_type>)
      bodies[enum_name(envelope::kind)] += xsd_builder::element(
          body_name<body_type>, builder.type_of<body_type>());
  });
  if (bodies.empty())
    return fail(errc::invalid_request, "unknown message '" + shown(type, false)
                                           + "'" + did_you_mean(type, types));
  std::string elements;
  for (const auto& [kind, choices] : bodies)
    elements += root_element(kind, choices);
  return std::move(builder).finish(elements);
}

} // namespace troupe::protocol
