#pragma once

#include "mission_file/draft.hpp"
#include "mission_file/input_reader.hpp"
#include "yaml/document.hpp"

namespace troupe::mission_file {

/// Reads the fields of a mission, its roster and its inputs. What it holds is
/// whole even where there are problems, so that it can be checked further.
[[nodiscard]] mission_draft read_mission(const yaml::node& root,
                                         const read_context& where);

/// The place of a field of the mission in its file.
struct field_place {
  const yaml::node* at = nullptr; ///< The field, or the nearest around it.
  bool is_exact = false;
};

/// Where the file has what the struct calls `pointer`.
[[nodiscard]] field_place place_of(const yaml::node& root,
                                   std::string_view pointer);

} // namespace troupe::mission_file
