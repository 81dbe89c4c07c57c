package dev.realtime.spring.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import dev.realtime.connection.Transport;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.spring.stream.StreamAnswer;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.jspecify.annotations.Nullable;

import org.springframework.mock.web.MockAsyncContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/**
 * Those who write have locks of their own: they hold them when they call, and take them
 * when they are told.
 */
class ServletExchangeTests {

	private final Loop timer = new Loops().loop("test");

	private final Output out = new Output();

	private final MockHttpServletRequest request = new MockHttpServletRequest();

	private final ServletExchange exchange = open();

	@AfterEach
	void stop() {
		this.timer.close();
	}

	@Test
	void whoWroteIsToldWhileAnotherThreadEndsTheAnswer() {
		assertIsToldWhile(this.exchange::end);
	}

	@Test
	void whoWroteIsToldWhileTheContainerSaysThatTheClientIsGone() {
		assertIsToldWhile(() -> this.exchange.onError(new IOException("reset by peer")));
	}

	@Test
	void whoseWriteFailsIsToldWhileAnotherThreadEndsTheAnswer() {
		this.out.ready = false;
		this.exchange.onWritePossible();
		Ending ending = new Ending(this.exchange::end);
		this.exchange.write(new byte[10], ending);
		this.exchange.onError(new IOException("reset by peer"));
		assertThat(ending.failure).hasMessageContaining("disconnected");
		assertThat(ending.waited).isFalse();
	}

	@Test
	void rule9_whatOneWriterThrowsEndsTheAnswerAndTheOthersAreTold() {
		Ending other = new Ending(() -> {
		});
		this.out.ready = false;
		this.exchange.onWritePossible();
		this.exchange.write(new byte[10], (failure) -> {
			throw new AssertionError("broken");
		});
		this.exchange.write(new byte[10], other);
		this.out.ready = true;
		assertThatCode(this.exchange::onWritePossible).doesNotThrowAnyException();
		assertThat(other.told).isTrue();
		assertThat(this.request.getAsyncContext().getTimeout()).as("the container cuts the client off").isEqualTo(1);
		Ending later = new Ending(() -> {
		});
		this.exchange.write(new byte[10], later);
		assertThat(later.failure).hasMessageContaining("disconnected");
	}

	/** A client that returns at once must not be refused for its own last request. */
	@Test
	void itsPlaceIsFreeBeforeTheRequestIsComplete() {
		List<String> order = new CopyOnWriteArrayList<>();
		this.exchange.whenOver(() -> order.add("free"));
		MockAsyncContext context = Objects.requireNonNull((MockAsyncContext) this.request.getAsyncContext());
		context.addListener(new AsyncListener() {
			@Override
			public void onComplete(AsyncEvent event) {
				order.add("complete");
			}

			@Override
			public void onTimeout(AsyncEvent event) {
			}

			@Override
			public void onError(AsyncEvent event) {
			}

			@Override
			public void onStartAsync(AsyncEvent event) {
			}
		});
		this.exchange.onWritePossible();
		this.exchange.end();
		assertThat(order).containsExactly("free", "complete");
	}

	private void assertIsToldWhile(Runnable task) {
		this.exchange.onWritePossible();
		Ending ending = new Ending(task);
		this.exchange.write(new byte[10], ending);
		assertThat(ending.told).isTrue();
		assertThat(ending.waited).as("the other thread waited for who was told").isFalse();
	}

	private ServletExchange open() {
		this.request.setAsyncSupported(true);
		HttpServletResponse response = new MockHttpServletResponse() {
			@Override
			public ServletOutputStream getOutputStream() {
				return ServletExchangeTests.this.out;
			}
		};
		try {
			ServletExchange opened = ServletExchange.of(this.request, response, this.timer, Duration.ofSeconds(20));
			opened.listen(null);
			opened.begin(new StreamAnswer(200, Map.of(), new byte[0]));
			return opened;
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	/** Waits, when it is told, for what another thread does. */
	private static final class Ending implements Transport.Completion {

		private final Runnable task;

		private boolean told;

		private boolean waited;

		private Throwable failure = new IllegalStateException("none");

		Ending(Runnable task) {
			this.task = task;
		}

		@Override
		public void done(@Nullable Throwable thrown) {
			this.told = true;
			if (thrown != null) {
				this.failure = thrown;
			}
			try {
				CompletableFuture.runAsync(this.task).get(5, TimeUnit.SECONDS);
			}
			catch (Exception ex) {
				this.waited = true;
			}
		}

	}

	/** A container's output. */
	private static final class Output extends ServletOutputStream {

		private final ByteArrayOutputStream written = new ByteArrayOutputStream();

		private boolean ready = true;

		@Override
		public boolean isReady() {
			return this.ready;
		}

		@Override
		public void setWriteListener(WriteListener listener) {
		}

		@Override
		public void write(int each) {
			this.written.write(each);
		}

	}

}
