// What the server itself can do, without us. The yardstick for the tracker: an endpoint that reads the body and answers a fixed
// string of a KEEPALIVE answer's size. And for chunks: GET /NUMBER answers so many bytes from memory, 16 MiB at most.
// Usage: BareEndpoint http://127.0.0.1:PORT
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(server => server.AddServerHeader = false);
builder.WebHost.UseUrls(args[0]);
var app = builder.Build();
var answer = "<?xml version=\"1.0\" encoding=\"utf-8\"?><PPSPTrackerProtocol version=\"1.0\"><Response>OK</Response><TransactionID>123456789</TransactionID></PPSPTrackerProtocol>"u8.ToArray();
var content = new byte[16 << 20];
new Random(1).NextBytes(content);
app.Run(async context =>
{
    if (int.TryParse(context.Request.Path.Value.AsSpan(1), out var bytes) && bytes > 0 && bytes <= content.Length)
    {
        context.Response.ContentType = "video/mp2t";
        context.Response.ContentLength = bytes;
        await context.Response.BodyWriter.WriteAsync(content.AsMemory(0, bytes));
        return;
    }

    while (true)
    {
        var read = await context.Request.BodyReader.ReadAsync();
        context.Request.BodyReader.AdvanceTo(read.Buffer.End);
        if (read.IsCompleted)
        {
            break;
        }
    }

    context.Response.ContentType = "application/xml; charset=utf-8";
    context.Response.ContentLength = answer.Length;
    await context.Response.Body.WriteAsync(answer);
});
app.Run();
