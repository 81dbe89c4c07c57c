package dev.realtime.spring.netty;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

import dev.realtime.spring.testing.Keystores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** The listener with a certificate of its own, as a browser meets it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsIT {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	static Path directory;

	@SuppressWarnings("NullAway.Init")
	private EdgeNode node;

	@SuppressWarnings("NullAway.Init")
	private SSLContext trust;

	@BeforeAll
	void start() throws Exception {
		Path store = Keystores.create(directory, "one");
		Files.copy(store, directory.resolve("current.p12"));
		this.trust = Keystores.trust(store);
		this.node = new EdgeNode("realtime.netty.ssl-bundle=edge", "server.ssl.bundle=edge",
				"realtime.servlet.transport=direct", "spring.ssl.bundle.watch.file.quiet-period=50ms",
				"spring.ssl.bundle.jks.edge.reload-on-update=true",
				"spring.ssl.bundle.jks.edge.keystore.location=" + directory.resolve("current.p12").toUri(),
				"spring.ssl.bundle.jks.edge.keystore.password=" + Keystores.PASSWORD,
				"spring.ssl.bundle.jks.edge.options.enabled-protocols=TLSv1.3");
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	@Test
	void aClientTalksStompOverTls() {
		Texts texts = new Texts();
		WebSocket socket = connect(this.trust, texts);
		socket.sendText("CONNECT\naccept-version:1.2\nhost:localhost\n\n\0", true).join();
		await().until(() -> texts.all().contains("CONNECTED"));
		socket.sendText("SUBSCRIBE\nid:s\ndestination:/topic/tls\nreceipt:r\n\n\0", true).join();
		await().until(() -> texts.all().contains("receipt-id:r"));
		this.node.publish("/topic/tls", "x".repeat(50_000));
		await().until(() -> texts.all().contains("x".repeat(50_000)));
		socket.abort();
	}

	/**
	 * More than the socket takes at once, from the servlet container's socket that was
	 * taken over.
	 */
	@Test
	void aClientTalksStompOverTheContainersTls() {
		Texts texts = new Texts();
		WebSocket socket = connect(this.trust, texts, this.node.servletPort());
		socket.sendText("CONNECT\naccept-version:1.2\nhost:localhost\n\n\0", true).join();
		await().until(() -> texts.all().contains("CONNECTED"));
		socket.sendText("SUBSCRIBE\nid:s\ndestination:/topic/tomcat\nreceipt:r\n\n\0", true).join();
		await().until(() -> texts.all().contains("receipt-id:r"));
		StringBuilder sent = new StringBuilder();
		for (int i = 0; i < 200; i++) {
			String text = "<" + i + ">" + "x".repeat(4_000);
			sent.append(text);
			this.node.publish("/topic/tomcat", text);
		}
		await().until(() -> texts.all().contains("<199>" + "x".repeat(4_000)));
		assertThat(texts.all().replaceAll("(?s)^.*?(?=MESSAGE)|MESSAGE.*?\n\n|\0", "")).isEqualTo(sent.toString());
		socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
		await().until(socket::isInputClosed);
	}

	@Test
	void theBundlesProtocolsAreTheOnlyOnes() throws Exception {
		try (SSLSocket socket = (SSLSocket) this.trust.getSocketFactory().createSocket("127.0.0.1", this.node.port())) {
			socket.setEnabledProtocols(new String[] { "TLSv1.2" });
			assertThatExceptionOfType(SSLException.class).isThrownBy(socket::startHandshake);
		}
	}

	@Test
	void aClientWithoutTlsIsSentAway() throws IOException {
		long before = this.node.bean(ListenerStats.class).refusals(ListenerStats.Refused.BROKEN);
		try (EdgeSocket client = EdgeSocket.open(this.node.port())) {
			client.write(EdgeSocket.handshake(""));
			assertThat(client.isEndedInSilence()).isTrue();
		}
		await()
			.untilAsserted(() -> assertThat(this.node.bean(ListenerStats.class).refusals(ListenerStats.Refused.BROKEN))
				.isEqualTo(before + 1));
	}

	@Test
	void rule8_aTlsHandshakeThatNeverEndsIsNotWaitedFor() throws IOException {
		try (EdgeNode hasty = new EdgeNode("realtime.netty.ssl-bundle=edge", "realtime.netty.handshake-timeout=1s",
				"spring.ssl.bundle.jks.edge.keystore.location=" + directory.resolve("current.p12").toUri(),
				"spring.ssl.bundle.jks.edge.keystore.password=" + Keystores.PASSWORD);
				EdgeSocket client = EdgeSocket.open(hasty.port())) {
			client.write(new byte[] { 22, 3, 1 });
			assertThat(client.isEndedInSilence()).isTrue();
		}
	}

	@Test
	void anUpdatedBundleIsUsedForWhoComesNext() throws Exception {
		Texts open = new Texts();
		WebSocket before = connect(this.trust, open);
		Path renewed = Keystores.create(directory, "two");
		Files.copy(renewed, directory.resolve("current.p12"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
		SSLContext next = Keystores.trust(renewed);
		await().until(() -> subject(next).contains("CN=two"));
		connect(next, new Texts()).abort();
		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> connect(this.trust, new Texts()));
		before.sendText("CONNECT\naccept-version:1.2\nhost:localhost\n\n\0", true).join();
		await().until(() -> open.all().contains("CONNECTED"));
		before.abort();
		// The servlet container may not know the new one.
		this.trust = Keystores.trust(directory.resolve("one.p12"), renewed);
	}

	private String subject(SSLContext trusting) {
		try (SSLSocket socket = (SSLSocket) trusting.getSocketFactory().createSocket("127.0.0.1", this.node.port())) {
			socket.startHandshake();
			return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSubjectX500Principal().getName();
		}
		catch (IOException ex) {
			return "";
		}
	}

	private WebSocket connect(SSLContext trusting, WebSocket.Listener listener) {
		return connect(trusting, listener, this.node.port());
	}

	private static WebSocket connect(SSLContext trusting, WebSocket.Listener listener, int port) {
		return HttpClient.newBuilder()
			.sslContext(trusting)
			.build()
			.newWebSocketBuilder()
			.subprotocols("v12.stomp")
			.buildAsync(URI.create("wss://localhost:" + port + "/realtime"), listener)
			.orTimeout(20, TimeUnit.SECONDS)
			.join();
	}

	/** What came. */
	private static final class Texts implements WebSocket.Listener {

		private final CopyOnWriteArrayList<String> parts = new CopyOnWriteArrayList<>();

		String all() {
			return String.join("", this.parts);
		}

		@Override
		public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
			this.parts.add(data.toString());
			socket.request(1);
			return null;
		}

	}

}
