#include "commands.hpp"
#include "exit_code.hpp"
#include "report/printable.hpp"
#include "report/report_text.hpp"
#include "yaml/file.hpp"

#include <troupe/protocol/json_schema.hpp>
#include <troupe/protocol/json_text.hpp>
#include <troupe/protocol/message_template.hpp>
#include <troupe/protocol/nearest.hpp>
#include <troupe/protocol/xml_schema.hpp>
#include <troupe/runtime/mission_file.hpp>

#include <array>
#include <cerrno>
#include <filesystem>
#include <unistd.h>

namespace troupe::cli {

using protocol::errc;
using protocol::fail;

namespace {

constexpr std::string_view blank = " \t\r\n";
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// As files are read: without a byte order mark.
protocol::result<std::string> read_standard_input(std::size_t bytes_max) {
  std::string text;
  std::array<char, 65'536> piece{};
  for (;;) {
    const auto count = ::read(STDIN_FILENO, piece.data(), piece.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return fail(errc::file_unreadable, "reading the standard input failed");
    if (count == 0)
      break;
    text.append(piece.data(), static_cast<std::size_t>(count));
    if (text.size() > bytes_max)
      return fail(errc::limit_exceeded, "document: more than "
                                            + std::to_string(bytes_max)
                                            + " bytes");
  }
  if (text.starts_with(byte_order_mark))
    text.erase(0, byte_order_mark.size());
  return text;
}

/// A file that is too large is refused as a text of that size would be.
protocol::result<std::string> read_message_file(const std::string& file,
                                                std::size_t bytes_max) {
  std::error_code ec;
  const auto size = std::filesystem::file_size(file, ec);
  if (!ec && size > bytes_max)
    return fail(errc::limit_exceeded, "document: " + std::to_string(size)
                                          + " bytes, allowed are "
                                          + std::to_string(bytes_max));
  return yaml::read_file(file, bytes_max);
}

/// What is known of a message that was read.
struct checked_message {
  protocol::any_message message;
  std::string text;
  bool is_xml = false;
};

bool looks_like_xml(std::string_view text) {
  const auto first = text.find_first_not_of(blank);
  return first != std::string_view::npos && text[first] == '<';
}

protocol::result<checked_message> check_message(const std::string& file) {
  const auto bytes_max = protocol::json_limits{}.bytes_max;
  auto text = file == "-" ? read_standard_input(bytes_max)
                          : read_message_file(file, bytes_max);
  if (!text)
    return text.error();
  const bool is_xml = looks_like_xml(*text);
  auto message = is_xml ? protocol::message_from_xml(*text)
                        : protocol::decode_message(*text);
  if (!message)
    return message.error();
  return checked_message{std::move(*message), std::move(*text), is_xml};
}

std::string described(const checked_message& it) {
  return std::visit(
      [&](const auto& m) {
        using body_type = std::decay_t<decltype(m.body)>;
        return std::string(enum_name(m.kind)) + ' '
               + std::string(protocol::body_name<body_type>) + ", "
               + report::grouped(it.text.size()) + " bytes of "
               + (it.is_xml ? "XML" : "JSON");
      },
      it.message);
}

/// Says that `type` is not one of the messages.
int refuse_type(std::string_view command, const std::string& type,
                console& on) {
  on.err.line("troupe " + std::string(command) + ": unknown message '"
              + report::printable_line(type) + "'"
              + protocol::did_you_mean(type, protocol::message_types()));
  return exit_bad_input;
}

/// Checks against the XSD what stands in the file, or its XML form.
class xsd_check {
public:
  [[nodiscard]] std::optional<protocol::error>
  operator()(const checked_message& it) {
    if (!validator_) {
      auto made =
          protocol::xml_validator::create(protocol::message_xsd().value());
      if (!made)
        return made.error();
      validator_.emplace(std::move(*made));
    }
    return validator_->check(it.is_xml ? it.text
                                       : protocol::message_to_xml(it.message));
  }

private:
  std::optional<protocol::xml_validator> validator_;
};

} // namespace

int print_schema(const schema_arguments& given, console& on) {
  if (given.mission) {
    on.out.line(mission_schema());
    return exit_done;
  }
  if (given.xsd) {
    const auto schema = protocol::message_xsd(given.type);
    if (!schema)
      return refuse_type("schema", given.type, on);
    on.out.write(*schema);
    return exit_done;
  }
  const auto schemas = protocol::message_schemas();
  const auto* one =
      given.type.empty() ? nullptr : schemas.if_contains(given.type);
  if (one == nullptr && !given.type.empty())
    return refuse_type("schema", given.type, on);
  on.out.write(protocol::indented_json(one == nullptr ? schemas : *one));
  return exit_done;
}

int validate_messages(const message_arguments& given, console& on) {
  xsd_check contradiction;
  int code = exit_done;
  for (const auto& file : given.files) {
    const auto name = report::printable_line(file == "-" ? "stdin" : file);
    const auto checked = check_message(file);
    auto problem = checked ? std::nullopt : std::optional{checked.error()};
    if (checked && given.xsd)
      problem = contradiction(*checked);
    if (problem) {
      on.err.line(name + ": " + report::printable_line(problem->detail));
      code = exit_bad_input;
    } else {
      on.out.line(name + ": ok, " + described(*checked));
    }
  }
  return code;
}

int print_template(const message_arguments& given, console& on) {
  const auto text = protocol::message_template(
      given.type,
      given.xml ? protocol::text_form::xml : protocol::text_form::json);
  if (!text)
    return refuse_type("message template", given.type, on);
  on.out.write(*text);
  return exit_done;
}

} // namespace troupe::cli
