package dev.realtime.conformance.driver;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * A process that drives the client under test: commands go to its standard input, events
 * come from its standard output, one JSON object a line. Two daemon threads read what it
 * writes.
 */
public final class Driver implements AutoCloseable {

	/** A working client reports fewer. */
	private static final int MOST_EVENTS = 100_000;

	private static final int KEPT_LINES = 10;

	private static final long PATIENCE_MS = 1_000;

	private static final ObjectMapper JSON = new ObjectMapper();

	private final Process process;

	private final OutputStream commands;

	private final List<Event> events = new CopyOnWriteArrayList<>();

	private final Deque<String> errors = new ArrayDeque<>();

	private final List<Thread> readers;

	/**
	 * Starts the process.
	 * @throws IOException if it cannot be started
	 */
	public Driver(List<String> command) throws IOException {
		this.process = new ProcessBuilder(command).start();
		this.commands = this.process.getOutputStream();
		this.readers = List.of(read(this.process.getInputStream(), this::addEvent, "conformance-driver"),
				read(this.process.getErrorStream(), this::addError, "conformance-driver-errors"));
	}

	/** Sends a command. Whether the driver understood it shows in its events. */
	public void send(Map<String, Object> command) {
		try {
			this.commands.write((JSON.writeValueAsString(command) + "\n").getBytes(StandardCharsets.UTF_8));
			this.commands.flush();
		}
		catch (IOException ex) {
			addError("The driver does not read its standard input: " + ex.getMessage());
		}
	}

	/** Returns what was reported, the oldest first. */
	public List<Event> events() {
		return List.copyOf(this.events);
	}

	/** Whether the process has not ended, or not all that it wrote has been read. */
	public boolean isRunning() {
		return this.process.isAlive() || this.readers.stream().anyMatch(Thread::isAlive);
	}

	/** Returns the end of what the driver wrote that is no event. */
	public List<String> errors() {
		synchronized (this.errors) {
			return List.copyOf(this.errors);
		}
	}

	/** Ends the process, by force if it does not end within a second. */
	@Override
	public void close() {
		try {
			this.commands.close();
		}
		catch (IOException ex) {
			// It has ended.
		}
		try {
			if (!this.process.waitFor(PATIENCE_MS, TimeUnit.MILLISECONDS)) {
				this.process.descendants().forEach(ProcessHandle::destroyForcibly);
				this.process.destroyForcibly();
			}
		}
		catch (InterruptedException ex) {
			this.process.destroyForcibly();
			Thread.currentThread().interrupt();
		}
	}

	private void addEvent(String line) {
		try {
			JsonNode json = JSON.readTree(line);
			if (json != null && json.isObject() && this.events.size() < MOST_EVENTS) {
				this.events.add(new Event(System.nanoTime(), json));
				return;
			}
		}
		catch (JsonProcessingException ex) {
			// Reported as an error line below.
		}
		addError(line);
	}

	private void addError(String line) {
		synchronized (this.errors) {
			this.errors.addLast((line.length() > 300) ? line.substring(0, 300) + "…" : line);
			if (this.errors.size() > KEPT_LINES) {
				this.errors.removeFirst();
			}
		}
	}

	private static Thread read(InputStream from, Consumer<String> to, String name) {
		Thread thread = new Thread(() -> {
			try (BufferedReader lines = new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
				for (String line = lines.readLine(); line != null; line = lines.readLine()) {
					to.accept(line);
				}
			}
			catch (IOException ex) {
				// The process has ended.
			}
		}, name);
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

}
