var app = WebApplication.CreateBuilder(args).Build();
app.MapGet("/", () => "high 06:12, low 12:31\n");
app.Run();
