#!/bin/sh
# Makes the sample film from nothing but arithmetic, and publishes it:
#   samples/make-sample.sh [PROGRAM...]
# PROGRAM is the agent, by default "dotnet run --project src/PeerAgent --". Needs ffmpeg. Result: samples/film.
set -eu

cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
source=$work/film.mkv

seconds=20
# One picture of sky, sun, clouds and four ranges of hills each, wider than the screen; they only move sideways, at
# different speeds, so that even the lowest level stays sharp at few bits.
sky="color=black:s=960x540:r=25:d=0.04,format=rgb24,geq=r='40+200*pow(Y/440,1.6)':g='36+110*pow(Y/440,2)':b='92+24*sin(Y/150)'"
sun="color=black:s=320x320:r=25:d=0.04,format=rgba,geq=r=255:g='226-30*Y/320':b='150-60*Y/320':a='min(255,255*clip(58-hypot(X-160,Y-160),0,1)+110*pow(max(0,1-hypot(X-160,Y-160)/160),2))'"
clouds="color=black:s=1600x540:r=25:d=0.04,format=rgba,geq=r=255:g=176:b=150:a='120*pow(max(0,sin(X/211+Y/37)*0.5+sin(X/97-Y/23+1)*0.3+sin(X/331+Y/61+4)*0.4),1.5)*clip(1-abs(Y-150)/120,0,1)'"
hills() { # width, red, green, blue, height of the crest
    echo "color=black:s=${1}x540:r=25:d=0.04,format=rgba,geq=r='$2+(Y-250)/9':g='$3+(Y-250)/14':b='$4+(Y-250)/22':a='255*clip(Y-($5),0,1)'"
}
range1="$(hills 1300 104 62 108 '300-46*sin(X/139)-25*sin(X/61+2)-9*sin(X/23)')"
range2="$(hills 1700 76 44 92 '350-38*sin(X/171+4)-22*sin(X/83)-7*sin(X/29+1)')"
range3="$(hills 2300 44 28 68 '410-30*sin(X/203+1)-18*sin(X/71+3)-30*(0.6+0.4*sin(floor(X/18)*7.3))*(1-abs(mod(X,18)-9)/9)')"
range4="$(hills 3600 8 8 22 '490-22*sin(X/263)-78*(0.62+0.38*sin(floor(X/44)*12.9))*(1-abs(mod(X,44)-22)/22)')"

# A tune of eight notes over a slow bass, each note dying away.
note() { echo "eq(mod(floor(t*2)+3*floor(t/8),8),$1)*sin(2*PI*$2*t)"; }
tune="0.22*exp(-4*mod(t,0.5))*min(1,90*mod(t,0.5))*($(note 0 440)+$(note 1 523.25)+$(note 2 659.26)+$(note 3 587.33)+$(note 4 783.99)+$(note 5 659.26)+$(note 6 523.25)+$(note 7 493.88))"
bass="0.12*sin(PI*mod(t,4)/4)*(sin(2*PI*t*if(lt(mod(t,8),4),110,87.31))+0.5*sin(2*PI*t*if(lt(mod(t,8),4),164.81,130.81)))"
fade="min(1,t)*min(1,$seconds-t)"

still() { echo "loop=-1:1,setpts=N/25/TB,trim=duration=$seconds"; }
ffmpeg -nostdin -hide_banner -loglevel error -y \
    -f lavfi -i "$sky" -f lavfi -i "$sun" -f lavfi -i "$clouds" \
    -f lavfi -i "$range1" -f lavfi -i "$range2" -f lavfi -i "$range3" -f lavfi -i "$range4" \
    -f lavfi -i "aevalsrc='($tune+$bass)*$fade':s=48000:d=$seconds" \
    -filter_complex "[0]$(still)[sky];[1]$(still)[sun];[2]$(still)[clouds];[3]$(still)[a];[4]$(still)[b];[5]$(still)[c];[6]$(still)[d];
[sky][sun]overlay=x='520-t*3':y='40+t*9'[s1];[s1][clouds]overlay=x='-t*22':y=0[s2];[s2][a]overlay=x='-t*14'[s3];
[s3][b]overlay=x='-t*32'[s4];[s4][c]overlay=x='-t*62'[s5];[s5][d]overlay=x='-t*126',
fade=in:st=0:d=0.8,fade=out:st=$((seconds - 1)):d=1,format=yuv420p[v]" \
    -map '[v]' -map 7:a -t $seconds -fflags +bitexact -flags:v +bitexact -flags:a +bitexact \
    -c:v libx264 -preset veryfast -crf 12 -c:a pcm_s16le "$source"

if [ "${MAKE_SAMPLE_SOURCE_ONLY:-}" ]; then
    cp "$source" "$MAKE_SAMPLE_SOURCE_ONLY"
    exit
fi

film=$PWD/samples/film # in full, because "dotnet run" changes the folder
mkdir -p "$film"
rm -f "$film"/film-L*.ts "$film"/film.xml
export PeerAgent__Store__Path="$work/state" # not among what the agent of this machine keeps
[ $# -gt 0 ] || set -- dotnet run --project src/PeerAgent --
"$@" publish "$source" --name sample/film --swarm sample-film --tracker http://127.0.0.1:7690 \
    --level 320x180@160k --level 640x360@380k --level 960x540@750k \
    --out "$film/film.xml" --chunks "$film"
