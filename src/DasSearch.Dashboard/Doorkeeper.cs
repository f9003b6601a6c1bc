using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace DasSearch.Dashboard;

/// <summary>Decides who may see the dashboard, and tells browsers what its pages may do.</summary>
/// <remarks>
/// Without a token the server listens to this machine alone. A page from elsewhere could still reach it by a name of its own that it
/// points here (DNS rebinding): only <c>localhost</c> and addresses are answered then, which no stranger can name. With one, a first visit
/// carries it in its address, and a cookie from then on, which browsers send to no other site and from none.
/// </remarks>
/// <param name="token">The token; null for none.</param>
internal sealed class Doorkeeper(string? token)
{
    private const string CookieName = "das-dashboard";
    private const string Query = "token";

    // Nothing but the server's own files: no script, style or picture within a page or from elsewhere, and nobody may frame it.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    // Not the token itself, so that a cookie that gets out does not tell it.
    private readonly string? _cookie = token is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("das dashboard " + token)));

    internal async Task Invoke(HttpContext context, RequestDelegate next)
    {
        Describe(context.Response.Headers);
        var isLooking = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        if (!isLooking && !HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD, POST";
            await RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, "The dashboard is asked with GET, and told to do something with POST.");
        }
        else if (!isLooking && !IsFromOwnPage(context.Request))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "Only the dashboard's own pages may tell it to do something.");
        }
        else if (!IsOpenedOrOwn(context.Request))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "Only the dashboard's own pages may ask it for something.");
        }
        else if (_cookie is null && !IsOwnName(context.Request.Host.Host))
        {
            await RefuseAsync(context, StatusCodes.Status421MisdirectedRequest, "The dashboard of this machine is at localhost, and has no other name.");
        }
        else if (_cookie is null || AreSame(context.Request.Cookies[CookieName], _cookie))
        {
            await next(context);
        }
        else if (AreSame(context.Request.Query[Query], token))
        {
            var options = new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true };
            context.Response.Cookies.Append(CookieName, _cookie, options);
            context.Response.Headers.Location = WithoutToken(context.Request);
            context.Response.StatusCode = StatusCodes.Status303SeeOther;
        }
        else
        {
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, "This dashboard asks for its token: open the address that das dashboard printed.");
        }
    }

    private static void Describe(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }

    // Browsers name the page that a request comes from, and let other sites' pages send no JSON unasked.
    private static bool IsFromOwnPage(HttpRequest request) =>
        request.Headers.Origin == $"{request.Scheme}://{request.Host}" && request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" && request.HasJsonContentType();

    // A link from elsewhere may open a page, but no page from elsewhere may have anything worked out here, which it could not read either.
    private static bool IsOpenedOrOwn(HttpRequest request) =>
        !request.Path.StartsWithSegments("/api") || request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none";

    private static bool IsOwnName(string host) => host == "localhost" || IPAddress.TryParse(host, out _);

    // In a time that tells nothing of how much is right, nor of how long it is.
    private static bool AreSame(string? given, string? expected) => given is not null && expected is not null
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));

    // The path may begin with two slashes, which a browser would take for another host.
    private static string WithoutToken(HttpRequest request)
    {
        var rest = new QueryBuilder(request.Query.Where(static pair => pair.Key != Query).Select(static pair => KeyValuePair.Create(pair.Key, pair.Value.ToString())));
        return "/" + request.Path.ToUriComponent().TrimStart('/') + rest;
    }

    private static Task RefuseAsync(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(sentence + "\n", context.RequestAborted);
    }
}
