#pragma once

#include "troupe/protocol/type_name.hpp"
#include "troupe/protocol/xml.hpp"

#include <memory>
#include <set>

/// XML Schema (XSD 1.0) from the description of each struct.
namespace troupe::protocol {

/// Collects the types that a schema refers to.
/// Thread safety: one thread at a time.
class xsd_builder {
public:
  /// Defines what is needed for `T` and returns the name of its type.
  template <class T>
  [[nodiscard]] std::string type_of() {
    return make(static_cast<T*>(nullptr));
  }

  /// A schema with all types that were defined, and `elements`.
  [[nodiscard]] std::string finish(std::string_view elements) &&;

  /// `<xs:element name="..." type="t:..."/>`
  [[nodiscard]] static std::string element(std::string_view name,
                                           std::string_view type,
                                           std::string_view occurs = {});

private:
  /// False when `name` is defined already.
  bool begin(const std::string& name) { return names_.insert(name).second; }
  std::string word(std::string name, std::string_view pattern);
  std::string names(std::string name, const std::vector<std::string>& values);
  std::string integer(std::int64_t min, std::uint64_t max);
  /// An element's type whose children stand in `group`: `all`, `choice`...
  std::string branch(std::string name, std::string_view group,
                     std::string_view children);

  std::string make(const bool*) { return names("boolean", {"true", "false"}); }
  std::string make(const std::string*);
  std::string make(const id*);
  std::string make(const instant*);
  std::string make(const duration*);
  std::string make(const money*);

  template <std::integral T>
  std::string make(const T*) {
    using limits = std::numeric_limits<T>;
    return integer(static_cast<std::int64_t>(limits::min()),
                   static_cast<std::uint64_t>(limits::max()));
  }

  template <described_enum E>
  std::string make(const E*) {
    return names(short_type_name(typeid(E)), enum_names<E>());
  }

  template <class T>
  std::string make(const std::vector<T>*) {
    const auto inner = type_of<T>();
    return branch(
        "list_of_" + inner, "sequence",
        element(xml_item, inner, " minOccurs=\"0\" maxOccurs=\"unbounded\""));
  }

  template <class T>
  std::string make(const std::optional<T>*) {
    return type_of<T>(); // the member is what may be absent
  }

  template <class... Ts>
  std::string make(const std::variant<Ts...>*) {
    std::string name = "one_of";
    std::string children;
    ((name.append("_").append(alternative_name<Ts>),
      children += element(alternative_name<Ts>, type_of<Ts>())),
     ...);
    return branch(name, "choice", children);
  }

  template <described T>
  std::string make(const T*) {
    const auto name = short_type_name(typeid(T));
    if (names_.contains(name))
      return name;
    std::string children;
    boost::mp11::mp_for_each<members_of<T>>([&](auto d) {
      using member_type = std::decay_t<decltype(std::declval<T&>().*d.pointer)>;
      children +=
          element(d.name, type_of<member_type>(),
                  may_be_absent<T, member_type> ? " minOccurs=\"0\"" : "");
    });
    return branch(name, "all", children);
  }

  std::set<std::string> names_;
  std::string types_;
};

/// The schema of all messages' XML forms, or of those of one `type`.
/// Fields may stand in any order, `header` comes first.
/// Errors: `invalid_request` for a type that is not known.
[[nodiscard]] result<std::string> message_xsd(std::string_view type = {});

/// Checks XML texts against a schema with libxml2's own validator.
/// Thread safety: one thread at a time; several validators at once are safe.
class xml_validator {
public:
  /// Errors: `internal` for what is not a schema.
  [[nodiscard]] static result<xml_validator> create(std::string_view xsd);

  xml_validator(xml_validator&&) noexcept;
  xml_validator& operator=(xml_validator&&) noexcept;
  ~xml_validator();

  /// None when `text` is valid; else the first contradiction, as in
  /// `line 3: Element '...': This element is not expected.`
  /// Errors: as `parse_xml`. Blocking: never; time grows with the text.
  [[nodiscard]] std::optional<error> check(std::string_view text,
                                           const xml_limits& limits = {});

private:
  struct state;
  explicit xml_validator(std::unique_ptr<state> all) noexcept;
  std::unique_ptr<state> state_;
};

} // namespace troupe::protocol
