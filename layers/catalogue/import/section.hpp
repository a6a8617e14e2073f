// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/catalogue/import/field_reader.hpp>
#include <layers/catalogue/import/source_geometry.hpp>
#include <memory>
#include <unordered_set>

namespace stadtgdi::catalogue::detail {

/// What all sections of one import share.
struct ImportState {
    const Mapping& mapping;
    const ImportOptions& options;
    std::string city_crs;
    std::int64_t now_us = 0;              ///< recorded_at of rows whose source does not say
    ImportReport& report;
    std::map<std::string, std::unordered_set<std::string>> uuids;  ///< by layer: in the store (of other sources) and stored so far
    std::map<std::string, std::unordered_set<std::string>> earlier;///< by layer: rows of this mapping that an appending import leaves in the store
    std::map<std::string, std::map<std::string, std::string>> kept_names;  ///< by layer: stored name of each unmapped column that is kept
    std::map<std::string, std::vector<table::Table>> tables;       ///< by layer: what the sections made
    double progress_from = 0, progress_to = 1;                     ///< share of the whole that the section's rows are
};

/// Compares the columns that the mapping reads with those of the source; gives the ones that no rule reads. Columns that
/// are missing are findings; Error(bad_data) where the mapping does not fit the source at all.
std::vector<std::string> report_columns(ImportState& state, const SourceRule& rule, const SourceRows& source);

/// Maps the rows of one source section: all of a row's tables are made, or the row is rejected as a whole.
class Section {
public:
    Section(ImportState& state, const SourceRule& rule, SourceRows& source, base::RunContext& run);
    ~Section();
    void read(base::RunContext& run);

private:
    struct Output;

    bool read_output(Output& output, std::size_t row, std::vector<base::Finding>& findings);
    bool read_key(Output& output, std::size_t row, std::vector<base::Finding>& findings);
    bool repeats(std::size_t row);
    void report_repeated();
    void report_skipped(const Output& output, std::size_t row, std::vector<base::Finding>& findings);
    bool read_place(Output& output, std::size_t row, std::vector<base::Finding>& findings);
    bool unique_values(Output& output, std::size_t row, std::vector<base::Finding>& findings);
    base::Finding finding(const Output* output, std::size_t row, base::Severity severity, std::string rule, base::Text message) const;
    void finish(base::RunContext& run);

    ImportState* m_state;
    const SourceRule* m_rule;
    SourceRows* m_source;
    std::vector<std::unique_ptr<Output>> m_outputs;
    std::vector<std::string> m_unmapped;
    std::unordered_map<std::string, std::size_t> m_row_of_key;  ///< of stored rows
    std::string m_key;                                          ///< of the current row, empty where it has none
    std::map<std::string, std::int64_t> m_repeated;             ///< by file
};

}  // namespace stadtgdi::catalogue::detail
