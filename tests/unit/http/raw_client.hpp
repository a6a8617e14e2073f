// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/http/listener.hpp>

#include <arpa/inet.h>
#include <atomic>
#include <chrono>
#include <map>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

namespace stadtgdi::http::testing {

struct Answer {
    int status = 0;                               ///< 0: the connection ended before an answer
    std::map<std::string, std::string> headers;   ///< lower case names
    std::string body;                             ///< chunks put together
    bool complete = false;
};

/// A client that sends exactly the bytes it is told to; knows HTTP by itself, not through our code.
class RawClient {
public:
    explicit RawClient(std::uint16_t port, int receive_buffer = 0) : m_socket(::socket(AF_INET, SOCK_STREAM, 0))
    {
        if (receive_buffer > 0)
            ::setsockopt(m_socket, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
        timeval patience{20, 0};
        ::setsockopt(m_socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        m_connected = ::connect(m_socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    }
    ~RawClient() { close(); }
    RawClient(const RawClient&) = delete;

    bool connected() const { return m_connected; }
    void close()
    {
        if (m_socket >= 0)
            ::close(m_socket);
        m_socket = -1;
    }
    bool send(const std::string& bytes) { return ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()); }

    /// True where the server has closed the connection (waits for it).
    bool at_end()
    {
        return m_seen.empty() && !more();
    }

    Answer read(bool head_only = false)
    {
        Answer answer;
        std::size_t end;
        while ((end = m_seen.find("\r\n\r\n")) == std::string::npos)
            if (!more())
                return answer;
        const std::string head = m_seen.substr(0, end + 2);
        m_seen.erase(0, end + 4);
        answer.status = std::stoi(head.substr(9, 3));
        for (std::size_t line = head.find("\r\n") + 2; line < head.size();) {
            const std::size_t stop = head.find("\r\n", line), colon = head.find(": ", line);
            std::string name = head.substr(line, colon - line);
            for (char& c : name)
                c = static_cast<char>(std::tolower(c));
            answer.headers[name] = head.substr(colon + 2, stop - colon - 2);
            line = stop + 2;
        }
        answer.complete = true;
        if (head_only || answer.status == 204 || answer.status == 304)
            return answer;
        if (answer.headers.count("content-length")) {
            answer.complete = take(std::stoul(answer.headers["content-length"]), answer.body);
        } else if (answer.headers.count("transfer-encoding")) {
            answer.complete = take_chunks(answer.body);
        } else {
            while (more())
                ;
            answer.body.swap(m_seen);
        }
        return answer;
    }

    Answer get(const std::string& target, const std::string& headers = "")
    {
        send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n");
        return read();
    }

private:
    bool more()
    {
        char buffer[65536];
        const auto bytes = ::recv(m_socket, buffer, sizeof buffer, 0);
        if (bytes <= 0)
            return false;
        m_seen.append(buffer, static_cast<std::size_t>(bytes));
        return true;
    }
    bool take(std::size_t size, std::string& to)
    {
        while (m_seen.size() < size)
            if (!more()) {
                to += m_seen;
                m_seen.clear();
                return false;
            }
        to += m_seen.substr(0, size);
        m_seen.erase(0, size);
        return true;
    }
    bool take_chunks(std::string& to)
    {
        for (;;) {
            std::size_t end;
            while ((end = m_seen.find("\r\n")) == std::string::npos)
                if (!more())
                    return false;
            const std::size_t size = std::stoul(m_seen.substr(0, end), nullptr, 16);
            m_seen.erase(0, end + 2);
            std::string line_end;
            if (!take(size, to) || !take(2, line_end) || line_end != "\r\n")
                return false;
            if (size == 0)
                return true;
        }
    }

    int m_socket;
    bool m_connected = false;
    std::string m_seen;
};

/// A listener on a free port that answers what the test wants.
class TestServer {
public:
    explicit TestServer(Handler handler, ListenerOptions options = {}, ListenerCalls calls = {})
    {
        options.port = 0;
        calls.handler = std::move(handler);
        m_listener = std::make_unique<Listener>(options, std::move(calls));
        m_listener->start();
    }
    std::uint16_t port() const { return m_listener->port(); }
    Listener& listener() { return *m_listener; }

private:
    std::unique_ptr<Listener> m_listener;
};

inline Response text(std::string body)
{
    Response response;
    response.body = std::move(body);
    return response;
}

/// Waits up to 20 seconds for something that happens on another thread.
template <class Condition> bool eventually(Condition condition)
{
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (std::chrono::steady_clock::now() < end) {
        if (condition())
            return true;
        ::usleep(2000);
    }
    return condition();
}

}  // namespace stadtgdi::http::testing
