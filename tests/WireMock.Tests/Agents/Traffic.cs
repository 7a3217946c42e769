using System.Collections.Concurrent;

namespace WireMock.Tests.Agents;

/// <summary>Counts requests: begun, and not yet read to their end.</summary>
internal sealed class Traffic
{
    private readonly ConcurrentQueue<string> _begun = new();
    private int _underWay;

    /// <summary>The paths of all requests so far, in order.</summary>
    public IReadOnlyCollection<string> Begun => _begun;

    public int UnderWay => Volatile.Read(ref _underWay);

    public DelegatingHandler CreateHandler() => new Handler(this);

    private sealed class Handler(Traffic traffic) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref traffic._underWay);
            traffic._begun.Enqueue(request.RequestUri!.AbsolutePath.TrimStart('/'));
            try
            {
                var response = await base.SendAsync(request, cancellationToken);
                response.Content = new Body(response.Content, traffic);
                return response;
            }
            catch
            {
                Interlocked.Decrement(ref traffic._underWay);
                throw;
            }
        }
    }

    /// <summary>The body of an answer; the request is under way until it is disposed.</summary>
    private sealed class Body : HttpContent
    {
        private readonly HttpContent _inner;
        private readonly Traffic _traffic;
        private int _ended;

        public Body(HttpContent inner, Traffic traffic)
        {
            _inner = inner;
            _traffic = traffic;
            foreach (var (name, values) in inner.Headers)
            {
                Headers.TryAddWithoutValidation(name, values);
            }
        }

        protected override Task<Stream> CreateContentReadStreamAsync() => _inner.ReadAsStreamAsync();

        protected override Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
            _inner.ReadAsStreamAsync(cancellationToken);

        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) => _inner.CopyToAsync(stream);

        protected override bool TryComputeLength(out long length)
        {
            length = _inner.Headers.ContentLength ?? -1;
            return length >= 0;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && Interlocked.Exchange(ref _ended, 1) == 0)
            {
                _inner.Dispose();
                Interlocked.Decrement(ref _traffic._underWay);
            }

            base.Dispose(disposing);
        }
    }
}
