-- SPDX-License-Identifier: GPL-2.0-or-later
-- For wrk: the requests of a file again and again. A line is a path and, after a tab, the host to name; then come the headers of all requests.
local requests, sent = {}, 0

function init(arguments)
    local headers = {}
    for i = 2, #arguments, 2 do headers[arguments[i]] = arguments[i + 1] end
    for line in io.lines(arguments[1]) do
        local path, host = line:match("^([^\t]*)\t?(.*)$")
        headers["Host"] = host ~= "" and host or wrk.headers["Host"]
        requests[#requests + 1] = wrk.format("GET", path, headers)
    end
end

function request()
    sent = sent % #requests + 1
    return requests[sent]
end

function done(summary, latency)
    local errors = summary.errors
    print(string.format('{"requests": %d, "wall": %f, "bytes": %d, "failed": %d, "p50": %f, "p95": %f}', summary.requests, summary.duration / 1e6, summary.bytes,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout, latency:percentile(50) / 1000, latency:percentile(95) / 1000))
end
