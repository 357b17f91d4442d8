package io.pveha.simulator.api.web;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Serves HTTP/1.1, plain or over TLS, on one port of one address; a thread for each connection.
 *
 * <p>A connection lives in one of two ways. While the server is {@link Reach#OPEN} it reads a
 * request, lets the handler answer and goes on. Once the server falls silent, all connections of
 * that moment are lost: none of their bytes is answered any more, and they are reset when the
 * server is reached again. A request that was handled meanwhile has had its effect; its answer is
 * lost. New connections get no answer to their first packet: while silent, nothing is accepted and
 * the system's queue for this port is kept full by connections of our own.
 */
public final class WebServer implements AutoCloseable {

  private static final int IDLE_MILLIS = 60_000;
  private static final int BACKLOG = 50;
  private static final int FULL_AFTER_MILLIS = 30;

  private final InetAddress address;
  private final int port;
  private final Handler handler;
  private final ExecutorService threads;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final List<Socket> plugs = new ArrayList<>();
  private volatile ServerSocket listening;
  private volatile SSLContext tls;
  private volatile Reach reach = Reach.OPEN;

  /** Whether the thread that accepts waits for the end of the silence. */
  private boolean resting;

  /** Answers requests; called by many threads at once. */
  public interface Handler {
    /**
     * The answer.
     *
     * @throws NoAnswer to break the connection off
     */
    WebAnswer answer(WebRequest request);
  }

  /**
   * Starts to listen.
   *
   * @param name for its threads
   * @param port 0 takes a free one
   * @param tls null for plain HTTP
   * @throws UncheckedIOException when the port is taken, naming it
   */
  public WebServer(String name, InetAddress address, int port, SSLContext tls, Handler handler) {
    this.address = address;
    this.handler = handler;
    this.tls = tls;
    AtomicLong count = new AtomicLong();
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    this.listening = bound(port);
    this.port = listening.getLocalPort();
    listen(listening);
  }

  /** Where it listens, or listened before it was closed. */
  public int port() {
    return port;
  }

  /** Serves this from the next connection on, and breaks all existing ones. */
  public void tls(SSLContext changed) {
    tls = changed;
    breakAll();
  }

  /** Changes how it is reached; no effect when it is so already. */
  public synchronized void reach(Reach changed) {
    boolean listens = listening != null;
    if (threads.isShutdown() || changed == reach && listens == (changed != Reach.CLOSED)) {
      return;
    }
    reach = changed;
    notifyAll();
    unplug();
    switch (changed) {
      case SILENT -> {
        connections.forEach(connection -> connection.lost = true);
        reopen();
        plug();
      }
      case CLOSED -> {
        stopListening();
        breakAll();
      }
      case OPEN -> {
        connections.stream().filter(connection -> connection.lost).forEach(Connection::reset);
        reopen();
      }
    }
  }

  /** Resets every connection; the clients see them break. */
  public void breakAll() {
    connections.forEach(Connection::reset);
  }

  @Override
  public synchronized void close() {
    reach = Reach.CLOSED;
    notifyAll();
    unplug();
    stopListening();
    breakAll();
    threads.shutdown();
  }

  /**
   * Fills the queue of connections that nobody takes, so that the system drops further ones. The
   * first plug is for the thread that accepts: only when it rests does the queue stay full.
   */
  private void plug() {
    SocketAddress here = listening.getLocalSocketAddress();
    for (int count = 0; count < 2 * BACKLOG; count++) {
      Socket plug = new Socket();
      plugs.add(plug);
      try {
        plug.connect(here, FULL_AFTER_MILLIS);
      } catch (IOException full) {
        return;
      }
      awaitRest();
    }
  }

  private void awaitRest() {
    while (reach == Reach.SILENT && !resting) {
      try {
        wait();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void unplug() {
    plugs.forEach(WebServer::closed);
    plugs.clear();
  }

  private synchronized void waitWhileSilent(ServerSocket socket) {
    resting = true;
    notifyAll();
    try {
      while (reach == Reach.SILENT && !socket.isClosed()) {
        wait();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      resting = false;
    }
  }

  private void reopen() {
    if (listening == null) {
      listening = bound(port);
      listen(listening);
    }
  }

  private ServerSocket bound(int wanted) {
    try {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      try {
        socket.bind(new InetSocketAddress(address, wanted), BACKLOG);
      } catch (IOException taken) {
        socket.close();
        throw taken;
      }
      return socket;
    } catch (IOException taken) {
      String where = address.getHostAddress() + ":" + wanted;
      throw new UncheckedIOException("can't listen on " + where + ": " + taken.getMessage(), taken);
    }
  }

  private void listen(ServerSocket socket) {
    threads.execute(() -> acceptAll(socket));
  }

  private void stopListening() {
    ServerSocket socket = listening;
    listening = null;
    closed(socket);
  }

  private void acceptAll(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        if (taken(new Connection(socket.accept()), socket)) {
          waitWhileSilent(socket);
        }
      } catch (SocketException closedMeanwhile) {
        return;
      } catch (IOException again) {
        continue;
      }
    }
  }

  /**
   * Takes a connection by the reach of this moment: one that was accepted just when the server
   * closed is reset, since nobody else would end it.
   *
   * @return whether the server is silent
   */
  private synchronized boolean taken(Connection connection, ServerSocket socket) {
    if (socket.isClosed()) {
      connection.reset();
      return false;
    }
    connections.add(connection);
    connection.lost = reach == Reach.SILENT;
    if (!connection.lost) {
      threads.execute(connection::serve);
    }
    return connection.lost;
  }

  private static void closed(AutoCloseable socket) {
    if (socket != null) {
      try {
        socket.close();
      } catch (Exception alreadyGone) {
        return;
      }
    }
  }

  private final class Connection {
    private final Socket raw;
    private volatile boolean lost;

    Connection(Socket raw) {
      this.raw = raw;
    }

    void reset() {
      try {
        raw.setSoLinger(true, 0);
      } catch (SocketException alreadyClosed) {
        // Nothing to say to a client that is gone.
      }
      closed(raw);
      connections.remove(this);
    }

    void serve() {
      try {
        raw.setTcpNoDelay(true);
        raw.setSoTimeout(IDLE_MILLIS);
        exchange(tls == null ? raw : secured());
      } catch (NoAnswer wanted) {
        reset();
      } catch (IOException broken) {
        // The client went away, or does not speak TLS: there is nobody to tell.
      } finally {
        if (!lost) {
          closed(raw);
          connections.remove(this);
        }
      }
    }

    private Socket secured() throws IOException {
      SSLSocket socket =
          (SSLSocket)
              tls.getSocketFactory()
                  .createSocket(raw, raw.getInetAddress().getHostAddress(), raw.getPort(), true);
      socket.setUseClientMode(false);
      socket.startHandshake();
      return socket;
    }

    private void exchange(Socket socket) throws IOException {
      OutputStream out = socket.getOutputStream();
      RequestReader reader =
          new RequestReader(new BufferedInputStream(socket.getInputStream()), out);
      boolean keepAlive = true;
      while (keepAlive) {
        Optional<WebRequest> request;
        try {
          request = reader.next();
        } catch (BadRequest bad) {
          out.write(bad.answer().encoded(false, true));
          out.flush();
          socket.close();
          return;
        }
        if (request.isEmpty() || lost) {
          return;
        }
        keepAlive = request.get().keepsAlive();
        WebAnswer answer = handler.answer(request.get());
        if (lost) {
          return;
        }
        out.write(answer.encoded(keepAlive, !request.get().method().equals("HEAD")));
        out.flush();
      }
      socket.close();
    }
  }
}
