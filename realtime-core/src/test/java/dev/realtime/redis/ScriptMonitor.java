package dev.realtime.redis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.lettuce.core.cluster.SlotHash;

/** Reads with MONITOR what scripts do, and notes where they leave their keys. */
final class ScriptMonitor implements AutoCloseable {

	private static final Pattern LINE = Pattern.compile("\\+\\d+\\.\\d+ \\[\\d+ (\\S+)] (.*)");

	private static final Pattern WORD = Pattern.compile("\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"");

	private static final Set<String> KEYLESS = Set.of("TIME");

	private final Socket socket;

	private final Set<String> scripts = ConcurrentHashMap.newKeySet();

	private final Queue<String> violations = new ConcurrentLinkedQueue<>();

	private List<String> keys = List.of();

	private final AtomicLong calls = new AtomicLong();

	ScriptMonitor(int port) throws IOException {
		this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
		this.socket.getOutputStream().write("MONITOR\r\n".getBytes(StandardCharsets.US_ASCII));
		BufferedReader lines = new BufferedReader(
				new InputStreamReader(this.socket.getInputStream(), StandardCharsets.ISO_8859_1));
		lines.readLine();
		Thread reader = new Thread(() -> read(lines), "monitor");
		reader.setDaemon(true);
		reader.start();
	}

	/** Distinct scripts that were called. */
	Set<String> scripts() {
		return this.scripts;
	}

	/** Calls of scripts until now. */
	long calls() {
		return this.calls.get();
	}

	/** What broke the rule. */
	List<String> violations() {
		return List.copyOf(this.violations);
	}

	private void read(BufferedReader lines) {
		try {
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				Matcher matcher = LINE.matcher(line);
				if (matcher.matches()) {
					take(matcher.group(1), words(matcher.group(2)));
				}
			}
		}
		catch (IOException ex) {
			// closed
		}
		catch (Throwable ex) {
			this.violations.add("The monitor failed: " + ex);
		}
	}

	private void take(String client, List<String> words) {
		if (client.equals("lua")) {
			inScript(words);
		}
		else if (words.get(0).equalsIgnoreCase("EVALSHA")) {
			this.calls.incrementAndGet();
			this.scripts.add(words.get(1));
			this.keys = List.copyOf(words.subList(3, 3 + Integer.parseInt(words.get(2))));
			if (this.keys.stream().map(SlotHash::getSlot).distinct().count() != 1) {
				this.violations.add("Keys in several slots: " + this.keys);
			}
		}
	}

	private void inScript(List<String> words) {
		String command = words.get(0).toUpperCase(Locale.ROOT);
		if (KEYLESS.contains(command)) {
			return;
		}
		boolean channel = command.endsWith("PUBLISH");
		List<String> touched = command.equals("DEL") ? words.subList(1, words.size()) : words.subList(1, 2);
		for (String key : touched) {
			boolean right = channel ? SlotHash.getSlot(key) == SlotHash.getSlot(this.keys.get(0))
					: this.keys.contains(key);
			if (!right) {
				this.violations.add(command + " touches " + key + ", which is not given: " + this.keys);
			}
		}
	}

	private static List<String> words(String text) {
		List<String> words = new ArrayList<>();
		Matcher matcher = WORD.matcher(text);
		while (matcher.find()) {
			words.add(matcher.group(1));
		}
		return words;
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
