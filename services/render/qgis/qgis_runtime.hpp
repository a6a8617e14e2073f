// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <type_traits>

namespace stadtgdi::render {

struct QgisRuntimeOptions {
    std::string prefix;      ///< of QGIS; empty: $QGIS_PREFIX_PATH, else the one this was built with
    int render_threads = 0;  ///< of Qt's pool, on which maps are rendered; 0: one a core
    /// Gets what Qt and QGIS have to say: level (0 debug, 1 info, 2 warning, 3 error) and text. Nothing is written to stderr.
    std::function<void(int level, const std::string& text)> log;
};

/// QGIS in a process without a screen. Made on the main thread, which then runs Qt's event loop in run(); other threads get
/// work done there by call_on_main(). One per process. Knows no Qt in its header.
///     QgisRuntime qgis({});
///     std::thread server([&] { ... qgis.call_on_main([&] { return project.read(path); }) ...; qgis.quit(); });
///     qgis.run();
class QgisRuntime {
public:
    explicit QgisRuntime(const QgisRuntimeOptions& options = {});
    ~QgisRuntime();
    QgisRuntime(const QgisRuntime&) = delete;
    QgisRuntime& operator=(const QgisRuntime&) = delete;

    int run();            ///< returns after quit()
    void quit();          ///< from any thread; also before run(), which then returns at once
    bool on_main() const; ///< whether the caller is the main thread
    int maps_at_once() const;  ///< more are not drawn by QGIS at the same time
    /// Starts to draw a map, at once or when another one is done; each start is answered by map_done(). Main thread.
    void start_map(std::function<void()> start);
    void map_done();

    /// Does what was posted; main thread. For waiting there for a thread that may need call_on_main() to come to its end.
    void process_events();

    /// Done on the main thread some time later, in the order of the calls.
    void post(std::function<void()> work);

    /// Waits for the result and rethrows what the work throws. On the main thread itself it is a plain call.
    template <class F> auto call_on_main(F&& work) -> std::invoke_result_t<F>
    {
        using Result = std::invoke_result_t<F>;
        if (on_main())
            return work();
        // shared: the task may still be in the hands of the main thread when the waiting one has its result
        auto task = std::make_shared<std::packaged_task<Result()>>(std::forward<F>(work));
        std::future<Result> result = task->get_future();
        post([task] { (*task)(); });
        return result.get();
    }

private:
    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace stadtgdi::render
