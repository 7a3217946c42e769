using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using TestSupport.Trackers;

namespace PeerAgent.Tracker.Tests.Sessions;

/// <summary>The attempts under way, from their sending until their answer is read or given up.</summary>
internal sealed class Traffic
{
    private readonly ConcurrentDictionary<string, bool> _underWay = new();
    private int _attempts;

    public IEnumerable<string> UnderWay => _underWay.Keys;

    public string Begin()
    {
        var attempt = Interlocked.Increment(ref _attempts).ToString(CultureInfo.InvariantCulture);
        _underWay[attempt] = true;
        return attempt;
    }

    public void End(string attempt) => _underWay.TryRemove(attempt, out _);
}

/// <summary>Notes the attempts in a <see cref="Traffic"/> and marks them for the <see cref="FakeTracker"/>.</summary>
internal sealed class TrafficHandler(Traffic traffic) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var attempt = traffic.Begin();
        request.Headers.Add(FakeTracker.AttemptHeader, attempt);
        HttpResponseMessage? response = null;
        try
        {
            response = await base.SendAsync(request, cancellationToken);
            response.Content = new TrackedContent(response.Content, () => traffic.End(attempt));
            return response;
        }
        finally
        {
            if (response is null)
            {
                traffic.End(attempt);
            }
        }
    }

    private sealed class TrackedContent : HttpContent
    {
        private readonly HttpContent _inner;
        private readonly Action _done;

        public TrackedContent(HttpContent inner, Action done)
        {
            _inner = inner;
            _done = done;
            foreach (var (name, values) in inner.Headers)
            {
                Headers.TryAddWithoutValidation(name, values);
            }
        }

        protected override Task<Stream> CreateContentReadStreamAsync() => _inner.ReadAsStreamAsync();

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => _inner.CopyToAsync(stream);

        protected override bool TryComputeLength(out long length)
        {
            length = _inner.Headers.ContentLength ?? 0;
            return _inner.Headers.ContentLength is not null;
        }

        protected override void Dispose(bool disposing)
        {
            _inner.Dispose();
            _done();
            base.Dispose(disposing);
        }
    }
}
