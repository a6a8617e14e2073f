// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/finding.hpp>
#include <layers/catalogue/import/mapping_file.hpp>
#include <set>

namespace stadtgdi::catalogue::detail {

/// The files behind the sources that a user named (files, folders, patterns, connections), and which of them were read.
class SourceFiles {
public:
    /// Error(not_found) where a source is not there.
    explicit SourceFiles(const std::vector<std::string>& sources);

    /// What a section reads: all, or the files that fit its pattern. They count as read; empty files become findings.
    std::vector<std::string> take(const SourceRule& rule, std::vector<base::Finding>& findings);
    /// A joined file is one of the sources or lies beside them; empty: there is none.
    std::string take_joined(const JoinRule& rule);
    std::int64_t count_read() const;
    /// Findings for files that no section has read, and for the layers of those read that no section has.
    void report_unread(const Mapping& mapping, std::vector<base::Finding>& findings) const;

private:
    struct File {
        std::string path;
        std::string folder;             ///< named in its stead; empty: the file itself was named
        bool read = false, empty = false;
        std::set<std::string> layers;   ///< that sections have read, where they name them
    };
    void report_unread_layers(const File& file, std::vector<base::Finding>& findings) const;

    std::vector<std::string> m_sources;
    std::vector<File> m_files;
};

/// The last part of a path; a connection without its password.
std::string shown_name(const std::string& source);

}  // namespace stadtgdi::catalogue::detail
