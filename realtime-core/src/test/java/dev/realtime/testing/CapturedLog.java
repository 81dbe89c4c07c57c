package dev.realtime.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** What one logger writes during a test, which goes nowhere else. */
public final class CapturedLog extends AppenderBase<ILoggingEvent> implements BeforeEachCallback, AfterEachCallback {

	public final List<ILoggingEvent> list = new CopyOnWriteArrayList<>();

	public final Logger logger;

	public CapturedLog(Class<?> type) {
		this.logger = (Logger) LoggerFactory.getLogger(type);
	}

	@Override
	public void beforeEach(ExtensionContext context) {
		start();
		this.logger.setLevel(Level.INFO);
		this.logger.setAdditive(false);
		this.logger.addAppender(this);
	}

	@Override
	public void afterEach(ExtensionContext context) {
		this.logger.detachAppender(this);
		this.logger.setAdditive(true);
		this.logger.setLevel(null);
	}

	@Override
	protected void append(ILoggingEvent event) {
		// its text does not change with what it was made of
		event.prepareForDeferredProcessing();
		this.list.add(event);
	}

}
