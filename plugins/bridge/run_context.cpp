// SPDX-License-Identifier: GPL-2.0-or-later
#include <plugins/bridge/run_context.hpp>
#include <plugins/bridge/texts.hpp>
#include <qgsfeedback.h>

namespace stadtgdi::bridge {

FeedbackRun::FeedbackRun(QgsFeedback* feedback, int threads) : m_context(threads, m_stop.get_token())
{
    if (!feedback) return;
    m_context.on_progress = [this, feedback](double share, const base::Text&) {
        const std::lock_guard lock(m_mutex);
        feedback->setProgress(share * 100.0);
    };
    // Runs in the thread that cancels, so that the work sees it at once.
    m_connection = QObject::connect(feedback, &QgsFeedback::canceled, [this] { m_stop.request_stop(); });
    if (feedback->isCanceled()) m_stop.request_stop();
}

FeedbackRun::~FeedbackRun()
{
    QObject::disconnect(m_connection);
}

}  // namespace stadtgdi::bridge
