package dev.realtime.sample.chat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import dev.realtime.testing.Ports;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

/**
 * The page in a real browser, on two nodes in processes of their own, the second of which
 * starts from what was processed ahead of time. The scenes are in
 * {@code src/test/browser}. Only {@code -Dbrowser.skip=true} leaves it out.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ChatBrowserIT {

	@TempDir
	Path data;

	@Test
	void peopleChatAcrossNodesAndLoseNothingWhateverTheNetworkDoes() throws Exception {
		assumeFalse(Boolean.getBoolean("browser.skip"), "-Dbrowser.skip=true");
		int firstPort = Ports.reserve();
		int secondPort = Ports.reserve();
		try (RedisServer redis = RedisServer.start();
				ChatNode first = ChatNode.launch(firstPort, arguments(redis));
				ChatNode second = ChatNode.launchAheadOfTime(secondPort, arguments(redis))) {
			first.awaitReady();
			second.awaitReady();
			assertThat(node("all.test.mjs", first, second)).as("exit code of the browser test; its output is above")
				.isZero();
		}
	}

	@Test
	void aBrowserIsFoundOnEveryMachine() throws Exception {
		assumeFalse(Boolean.getBoolean("browser.skip"), "-Dbrowser.skip=true");
		assertThat(node("chromium.test.mjs")).as("exit code; the output is above").isZero();
	}

	private String[] arguments(RedisServer redis) {
		return new String[] { "--spring.data.redis.url=" + redis.uri(), "--chat.data=" + this.data };
	}

	private static int node(String script, ChatNode... nodes) throws IOException, InterruptedException {
		ProcessBuilder builder = new ProcessBuilder("node", "--test", "--test-reporter=spec", script)
			.directory(Path.of("src/test/browser").toFile())
			.redirectErrorStream(true);
		builder.environment().put("CHAT_NODES", json(nodes));
		Process process = builder.start();
		try (BufferedReader output = process.inputReader()) {
			output.lines().forEach(System.out::println);
			return process.waitFor();
		}
		finally {
			process.descendants().forEach(ProcessHandle::destroyForcibly);
			process.destroyForcibly();
		}
	}

	private static String json(ChatNode... nodes) {
		StringBuilder json = new StringBuilder("[");
		for (ChatNode node : nodes) {
			json.append((json.length() > 1) ? "," : "")
				.append("{\"url\":\"" + node.url() + "\",\"pid\":" + node.pid() + "}");
		}
		return json.append(']').toString();
	}

}
