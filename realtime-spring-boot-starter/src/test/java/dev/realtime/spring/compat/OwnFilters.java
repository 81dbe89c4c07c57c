package dev.realtime.spring.compat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.util.StreamUtils;
import org.springframework.web.filter.CharacterEncodingFilter;
import org.springframework.web.filter.CommonsRequestLoggingFilter;
import org.springframework.web.filter.ForwardedHeaderFilter;
import org.springframework.web.filter.HiddenHttpMethodFilter;
import org.springframework.web.util.ContentCachingRequestWrapper;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * Filters on all paths as people copy them. A request names the one that it passes, in
 * the header {@code X-Filter}.
 */
@Configuration(proxyBeanMethods = false)
class OwnFilters {

	private static final Map<String, Filter> FILTERS = Map.ofEntries(Map.entry("caching", OwnFilters::caching),
			Map.entry("captured", OwnFilters::captured), Map.entry("gzip", OwnFilters::gzip),
			Map.entry("eager gzip", OwnFilters::eagerGzip), Map.entry("flushing", OwnFilters::flushing),
			Map.entry("closing", OwnFilters::closing), Map.entry("writer", OwnFilters::writer),
			Map.entry("request caching", OwnFilters::requestCaching),
			Map.entry("request copied", OwnFilters::requestCopied), Map.entry("payload logging", payloadLogging()),
			Map.entry("parameters", OwnFilters::parameters), Map.entry("reader", OwnFilters::reader),
			Map.entry("synchronous", OwnFilters::synchronous),
			Map.entry("latin 1", new CharacterEncodingFilter("ISO-8859-1", true, true)),
			Map.entry("forwarded", new ForwardedHeaderFilter()), Map.entry("hidden", new HiddenHttpMethodFilter()));

	/** Before Spring Security, and before what has no order. */
	@Bean
	FilterRegistrationBean<Filter> first() {
		FilterRegistrationBean<Filter> first = registration("first ");
		first.setOrder(Ordered.HIGHEST_PRECEDENCE);
		return first;
	}

	/** Behind Spring Security. */
	@Bean
	FilterRegistrationBean<Filter> last() {
		return registration("last ");
	}

	private static FilterRegistrationBean<Filter> registration(String place) {
		return new FilterRegistrationBean<>((request, response, chain) -> {
			String named = ((HttpServletRequest) request).getHeader("X-Filter");
			Filter filter = (named != null && named.startsWith(place)) ? FILTERS.get(named.substring(place.length()))
					: null;
			if (filter != null) {
				filter.doFilter(request, response, chain);
			}
			else {
				chain.doFilter(request, response);
			}
		});
	}

	/** The usual filter that logs bodies of responses. */
	private static void caching(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		ContentCachingResponseWrapper cached = new ContentCachingResponseWrapper((HttpServletResponse) response);
		try {
			chain.doFilter(request, cached);
		}
		finally {
			cached.copyBodyToResponse();
		}
	}

	/** The same, written by hand. */
	private static void captured(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		chain.doFilter(request, new OtherBody((HttpServletResponse) response, new PlainStream(body)));
		response.setContentLength(body.size());
		response.getOutputStream().write(body.toByteArray());
	}

	private static void gzip(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		((HttpServletResponse) response).addHeader("Content-Encoding", "gzip");
		try (LateGzip zipped = new LateGzip((HttpServletResponse) response)) {
			chain.doFilter(request, zipped);
		}
	}

	private static void eagerGzip(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		((HttpServletResponse) response).setHeader("Content-Encoding", "gzip");
		try (GZIPOutputStream zip = new GZIPOutputStream(response.getOutputStream())) {
			chain.doFilter(request, new OtherBody((HttpServletResponse) response, new PlainStream(zip)));
		}
	}

	private static void flushing(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		chain.doFilter(request, response);
		response.flushBuffer();
	}

	private static void closing(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		chain.doFilter(request, response);
		response.getOutputStream().close();
	}

	/** Has opened the response's writer. */
	private static void writer(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		response.setCharacterEncoding("UTF-8");
		response.getWriter();
		chain.doFilter(request, new OtherBody((HttpServletResponse) response, new PlainStream(body)));
		response.getWriter().write(body.toString(StandardCharsets.UTF_8));
	}

	private static void requestCaching(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		ContentCachingRequestWrapper cached = new ContentCachingRequestWrapper((HttpServletRequest) request, 1_024);
		chain.doFilter(cached, response);
		cached.getContentAsByteArray();
	}

	/** Reads the body, and gives it out again. */
	private static void requestCopied(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		byte[] body = StreamUtils.copyToByteArray(request.getInputStream());
		chain.doFilter(new HttpServletRequestWrapper((HttpServletRequest) request) {

			@Override
			public ServletInputStream getInputStream() {
				return new CopiedStream(body);
			}

		}, response);
	}

	private static Filter payloadLogging() {
		CommonsRequestLoggingFilter logging = new CommonsRequestLoggingFilter() {

			@Override
			protected boolean shouldLog(HttpServletRequest request) {
				return true;
			}

		};
		logging.setIncludePayload(true);
		logging.setIncludeQueryString(true);
		logging.setIncludeHeaders(true);
		return logging;
	}

	private static void parameters(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		request.getParameter("lang");
		chain.doFilter(request, response);
	}

	/** Keeps what it has read for itself. */
	private static void reader(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		request.getReader().readLine();
		chain.doFilter(request, response);
	}

	/** What a container does where a filter has not said that it supports them. */
	private static void synchronous(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		chain.doFilter(new HttpServletRequestWrapper((HttpServletRequest) request) {

			@Override
			public boolean isAsyncSupported() {
				return false;
			}

			@Override
			public AsyncContext startAsync() {
				throw new IllegalStateException("Not supported");
			}

			@Override
			public AsyncContext startAsync(ServletRequest asked, ServletResponse answer) {
				throw new IllegalStateException("Not supported");
			}

		}, response);
	}

	/** Gives the application a body of its own. */
	private static class OtherBody extends HttpServletResponseWrapper {

		private final ServletOutputStream body;

		OtherBody(HttpServletResponse response, ServletOutputStream body) {
			super(response);
			this.body = body;
		}

		@Override
		public ServletOutputStream getOutputStream() {
			return this.body;
		}

		@Override
		public void setContentLength(int length) {
			// That of the body before it is compressed.
		}

		@Override
		public void flushBuffer() throws IOException {
			this.body.flush();
		}

	}

	/** Begins to compress when the application begins to write. */
	private static final class LateGzip extends HttpServletResponseWrapper implements AutoCloseable {

		private @Nullable GZIPOutputStream zip;

		LateGzip(HttpServletResponse response) {
			super(response);
		}

		@Override
		public ServletOutputStream getOutputStream() throws IOException {
			if (this.zip == null) {
				this.zip = new GZIPOutputStream(getResponse().getOutputStream());
			}
			return new PlainStream(this.zip);
		}

		@Override
		public void setContentLength(int length) {
			// That of the body before it is compressed.
		}

		@Override
		public void close() throws IOException {
			if (this.zip != null) {
				this.zip.close();
			}
		}

	}

	/** Knows nothing of writing without blocking. */
	private static final class PlainStream extends ServletOutputStream {

		private final OutputStream out;

		PlainStream(OutputStream out) {
			this.out = out;
		}

		@Override
		public void write(int one) throws IOException {
			this.out.write(one);
		}

		@Override
		public void flush() throws IOException {
			this.out.flush();
		}

		@Override
		public boolean isReady() {
			return true;
		}

		@Override
		public void setWriteListener(WriteListener listener) {
			throw new UnsupportedOperationException();
		}

	}

	private static final class CopiedStream extends ServletInputStream {

		private final ByteArrayInputStream body;

		CopiedStream(byte[] body) {
			this.body = new ByteArrayInputStream(body);
		}

		@Override
		public int read() {
			return this.body.read();
		}

		@Override
		public int read(byte[] bytes, int start, int length) {
			return this.body.read(bytes, start, length);
		}

		@Override
		public boolean isFinished() {
			return this.body.available() == 0;
		}

		@Override
		public boolean isReady() {
			return true;
		}

		@Override
		public void setReadListener(ReadListener listener) {
			throw new UnsupportedOperationException();
		}

	}

}
