// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <QMetaObject>
#include <mutex>

class QgsFeedback;

namespace stadtgdi::bridge {

/// A RunContext that shows its progress on a QGIS feedback and stops when that is cancelled. Lives as long as the work.
///     FeedbackRun feedback_run(feedback);
///     operation::run(op, inputs, feedback_run.context());
class FeedbackRun {
public:
    explicit FeedbackRun(QgsFeedback* feedback, int threads = 0);
    ~FeedbackRun();
    FeedbackRun(const FeedbackRun&) = delete;
    FeedbackRun& operator=(const FeedbackRun&) = delete;

    base::RunContext& context() { return m_context; }

private:
    std::stop_source m_stop;
    base::RunContext m_context;
    std::mutex m_mutex;  // progress comes from any thread, QgsFeedback takes it from one at a time
    QMetaObject::Connection m_connection;
};

}  // namespace stadtgdi::bridge
