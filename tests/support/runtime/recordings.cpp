#include "support/runtime/recordings.hpp"

#include "http/sse_parser.hpp"

#include <troupe/protocol/json.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace troupe::test {

namespace fs = std::filesystem;
namespace json = boost::json;
using providers::wire_format;

namespace {

std::string content_of(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::vector<fs::path> files_below(const fs::path& root) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(root))
    if (entry.is_regular_file())
      files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

bool holds(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

/// The format that an answer shows by itself.
std::optional<wire_format> format_of(std::string_view body) {
  if (holds(body, "\"message_start\""))
    return wire_format::anthropic_messages;
  if (holds(body, "\"chat.completion.chunk\""))
    return wire_format::openai_chat;
  if (holds(body, "\"response.created\""))
    return wire_format::openai_responses;
  const auto parsed = protocol::parse_json(body);
  const auto* top = parsed ? parsed->if_object() : nullptr;
  if (!top)
    return {};
  if (const auto* object = top->if_contains("object");
      object && *object == "chat.completion")
    return wire_format::openai_chat;
  if (const auto* object = top->if_contains("object");
      object && *object == "response")
    return wire_format::openai_responses;
  if (const auto* type = top->if_contains("type"); type && *type == "message")
    return wire_format::anthropic_messages;
  return {};
}

/// One JSON per line becomes events; a file may hold several answers.
std::vector<std::string> streams_of(const std::string& lines,
                                    wire_format format) {
  std::vector<std::string> out(1);
  std::istringstream in{lines};
  for (std::string line; std::getline(in, line);) {
    if (line.empty())
      continue;
    const bool ended = holds(out.back(), "\"message_stop\"")
                       || holds(out.back(), "\"response.completed\"");
    if (ended
        && (holds(line, "\"message_start\"")
            || holds(line, "\"response.created\"")))
      out.emplace_back();
    out.back() += "data: " + line + "\n\n";
  }
  if (format == wire_format::openai_chat)
    out.back() += "data: [DONE]\n\n";
  return out;
}

void find_usage(const json::value& value, std::vector<json::object>& found) {
  if (const auto* list = value.if_array())
    for (const auto& element : *list)
      find_usage(element, found);
  const auto* object = value.if_object();
  if (!object)
    return;
  for (const auto& [key, member] : *object) {
    if (key == "usage" && member.is_object())
      found.push_back(member.get_object());
    else if (key == "message" || key == "response" || key == "x_groq")
      find_usage(member, found);
  }
}

std::uint64_t number(const json::object& from, std::string_view key) {
  const auto* value = from.if_contains(key);
  return value && value->is_int64()
             ? static_cast<std::uint64_t>(value->get_int64())
             : 0;
}

void add_beside(const json::object& usage, stated_tokens& out) {
  const auto* steps = usage.if_contains("iterations");
  if (!steps || !steps->is_array())
    return;
  for (const auto& step : steps->get_array()) {
    const auto& one = step.as_object();
    if (one.at("type") == "message")
      continue;
    out.prompt += number(one, "input_tokens")
                  + number(one, "cache_read_input_tokens")
                  + number(one, "cache_creation_input_tokens");
    out.output += number(one, "output_tokens");
  }
}

/// Later figures of a stream replace earlier ones, member by member.
stated_tokens sum_of(const std::vector<json::object>& reports) {
  json::object all;
  for (const auto& report : reports)
    for (const auto& [key, value] : report)
      if (!value.is_null())
        all[key] = value;
  stated_tokens out;
  if (all.contains("prompt_tokens")) {
    out.prompt = number(all, "prompt_tokens");
    // The total, not completion_tokens, which may lack reasoning.
    out.output = number(all, "total_tokens") - out.prompt;
    return out;
  }
  out.prompt = number(all, "input_tokens")
               + number(all, "cache_read_input_tokens")
               + number(all, "cache_creation_input_tokens");
  out.output = number(all, "output_tokens");
  add_beside(all, out);
  return out;
}

std::uint64_t next_random(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15ULL;
  auto z = state;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31U);
}

/// Bodies may be kept as a YAML tree in place of text.
json::value json_of(const YAML::Node& node) {
  if (node.IsMap()) {
    json::object out;
    for (const auto& entry : node)
      out[entry.first.as<std::string>()] = json_of(entry.second);
    return out;
  }
  if (node.IsSequence()) {
    json::array out;
    for (const auto& element : node)
      out.push_back(json_of(element));
    return out;
  }
  if (!node.IsScalar())
    return nullptr;
  const auto& text = node.Scalar();
  const bool is_quoted = node.Tag() == "!";
  boost::system::error_code not_json;
  auto plain = json::parse(text, not_json);
  return is_quoted || not_json ? json::value(text) : plain;
}

void add_exchange(const YAML::Node& exchange, const std::string& name,
                  std::vector<recording>& out, unsigned& left_out) {
  const auto uri = exchange["request"]["uri"].as<std::string>();
  const auto response = exchange["response"];
  recording made;
  made.name = name;
  if (response["status"])
    made.status = response["status"]["code"].as<unsigned>();
  if (const auto tree = response["parsed_body"])
    made.body = json::serialize(json_of(tree));
  else if (const auto body = response["body"]; body && body.IsMap())
    made.body = body["string"].as<std::string>("");
  const bool is_ours =
      holds(uri, "/chat/completions") || holds(uri, "/v1/responses")
      || (holds(uri, "/v1/messages") && !holds(uri, "count_tokens"));
  const auto format = format_of(made.body);
  if (!is_ours || made.status != 200 || !format) {
    ++left_out;
    return;
  }
  made.format = *format;
  made.is_stream = holds(made.body, "data: ");
  // The YAML reader loses the last blank line of a folded text.
  if (made.is_stream)
    made.body += "\n\n";
  out.push_back(std::move(made));
}

} // namespace

std::vector<recording> recorded_files(const fs::path& root,
                                      unsigned& left_out) {
  std::vector<recording> out;
  for (const auto& file : files_below(root)) {
    const auto name = file.filename().string();
    const auto body = content_of(file);
    const auto format = format_of(body);
    if (!format) {
      ++left_out;
    } else if (name.ends_with(".chunks.txt")) {
      for (auto& stream : streams_of(body, *format))
        out.push_back({name, *format, true, 200, std::move(stream)});
    } else {
      out.push_back({name, *format, name.ends_with(".sse"), 200, body});
    }
  }
  return out;
}

std::vector<recording>
recorded_exchanges(const fs::path& root, unsigned& left_out,
                   std::vector<std::string>& unreadable) {
  std::vector<recording> out;
  for (const auto& file : files_below(root)) {
    if (file.extension() != ".yaml")
      continue;
    const auto name = file.filename().string();
    try {
      for (const auto& exchange : YAML::LoadFile(file.string())["interactions"])
        add_exchange(exchange, name, out, left_out);
    } catch (const YAML::Exception&) {
      unreadable.push_back(name);
    }
  }
  return out;
}

protocol::result<protocol::model_reply> replay(const recording& made,
                                               std::uint64_t seed) {
  if (!made.is_stream)
    return providers::decode_reply(made.format, made.body);
  const auto decoder = providers::make_stream_decoder(made.format);
  http::sse_parser parser;
  const auto tell = [&](const http::sse_event& event) {
    return decoder->on_event(event.data);
  };
  std::string_view left = made.body;
  while (!left.empty()) {
    const auto size =
        seed == 0
            ? left.size()
            : std::min<std::size_t>(left.size(), next_random(seed) % 97 + 1);
    if (auto fed = parser.feed(left.substr(0, size), tell); !fed)
      return fed.error();
    left.remove_prefix(size);
  }
  return decoder->finish();
}

std::optional<stated_tokens> stated_in(const recording& made) {
  std::vector<json::object> reports;
  if (!made.is_stream) {
    if (const auto parsed = protocol::parse_json(made.body))
      find_usage(*parsed, reports);
  } else {
    std::istringstream in{made.body};
    for (std::string line; std::getline(in, line);)
      if (line.starts_with("data: "))
        if (const auto parsed = protocol::parse_json(line.substr(6)))
          find_usage(*parsed, reports);
  }
  if (reports.empty())
    return {};
  return sum_of(reports);
}

} // namespace troupe::test
